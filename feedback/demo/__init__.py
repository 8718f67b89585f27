"""An invented chain with planted truths: six supermarkets, 26 weeks of answers, all of it written by us."""
