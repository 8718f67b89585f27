"""What stands in a comment where something personal stood: the one table of these words, for all who must know them."""

import re
from types import MappingProxyType

MARKS = MappingProxyType(
    {
        "phone": "［電話番号］",
        "mail": "［メールアドレス］",
        "url": "［URL］",
        "sns": "［SNSアカウント］",
        "postal": "［郵便番号］",
        "address": "［住所］",
        "card": "［カード番号］",
        "mynumber": "［マイナンバー］",
        "bank": "［口座番号］",
        "birth": "［生年月日］",
        "plate": "［ナンバープレート］",
        "number": "［番号］",
        "name": "［お名前］",
    }
)
"""Kind of personal data -> its mark."""

MARK = re.compile("|".join(map(re.escape, MARKS.values())))
