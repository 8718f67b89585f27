"""Whether an opinion praises or blames."""
