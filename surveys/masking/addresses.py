"""Where a person lives: postal codes and street addresses. The name of a town alone stays: it says where, not who."""

import re

from surveys.masking.marks import MARKS
from surveys.masking.rules import DASHES, Rule

_PREFECTURE = (
    "(?:北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県|"
    "福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県|"
    "山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県)"
)
_DASH = rf"[ ]?[{DASHES}の][ ]?"
_N = r"[\d十百]{1,4}"
# 3丁目5番地2号, 3丁目5-2, 3-5-2, 5番地の2
_LOT = (
    rf"(?:{_N}丁目(?:の|[ ])?(?:{_N}番地?(?:の?{_N}号?)?|{_N}(?:{_DASH}{_N}){{0,2}})"
    rf"|{_N}番地?(?:の{_N}|{_DASH}{_N}|[ ]?{_N}号|(?=[ 　、。にでへの]|$))|{_N}(?:{_DASH}{_N}){{1,3}}|{_N}番地)"
)
_LETTER = "[一-龥々ぁ-んァ-ヶーA-Za-z]"
_HOUSES = (
    "コーポ|メゾン|ハイツ|マンション|アパート|荘|ハイム|レジデンス|パレス|コート|"
    "タワー|団地|寮|ヴィラ|シャトー|ハウス|グラン|サン|ビル"
)
# the name of a house counts only with the number of a flat behind it
_HOUSE = (
    rf"(?:[ 　]?{_LETTER}{{1,18}}[ 　]?[a-z]?\d{{1,4}}(?:号室|号|F|階)"
    rf"|[ 　]?(?:(?!に|で|の|へ|を|から|まで){_LETTER}){{0,10}}"
    rf"(?:{_HOUSES}){_LETTER}{{0,10}}[ 　]?[a-z]?\d{{1,4}}(?:号室?)?"
    r"|[ 　]?\d{2,4}号室?)?"
)
_PLACE = r"[一-龥ぁ-んァ-ヶー々]"
_TOWN = rf"{_PLACE}{{1,7}}?[市区郡町村]"
_KANA_TOWNS = (
    "つがる|むつ|にかほ|いわき|ひたちなか|つくば|つくばみらい|かすみがうら|さくら|みどり|さいたま|ふじみ野|いすみ|あきる野|かほく|あわら|"
    "おおい|みよし|あま|いなべ|たつの|南あわじ|紀の川|さぬき|東かがわ|みやま|うきは|えびの|いちき串木野|南さつま|うるま"
)
# a town begins where the kanji begin, or behind 「実家」: 「家の金沢市」 is none
_SOME_TOWN = (
    r"(?:(?<=現在)|(?<=住所)|(?<=自宅)|(?<=実家)|(?<![一-龥々]))"
    rf"(?:[一-龥々ヶケ]{{1,6}}?|{_KANA_TOWNS})[市区郡町村][ 　]?{_PLACE}{{0,12}}"
)
# 北1条西2丁目
_ROW = rf"(?:[東西南北]?{_N}条[東西南北]?)?"
_IN_A_SHOP = r"(?!番?(?:売り?場|レジ|のりば|乗り場|ホーム|出口))"
_ADDRESS = re.compile(
    rf"(?:{_PREFECTURE}[ 　]?(?:{_TOWN}[ 　]?){{0,3}}{_PLACE}{{0,10}}|{_SOME_TOWN})[ 　]?{_ROW}{_LOT}{_HOUSE}"
    rf"(?![\d円人分時回個台枚]){_IN_A_SHOP}",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:住所|住まい|自宅|居住地|宛先|送り先|お届け先|配送先)(?:の住所)?(?:は|が|:|、|=| )?[ ]?"
    rf"(?P<value>(?:{_PREFECTURE})?{_PLACE}{{1,16}}[ 　]?{_LOT}{_HOUSE})(?![\d円人分時回])",
    re.IGNORECASE,
)
# 1-2-3 Chuo, Fukui-shi
_LATIN_ADDRESS = re.compile(
    rf"{_N}(?:-{_N}){{1,3}}(?:,?[ ][a-z][a-z\-]*){{0,3}}?,?[ ][a-z]+-(?:shi|ku|cho|chome|machi|gun|mura|son)"
    r"(?:,?[ ][A-Za-z]+-(?:shi|ken|fu|to|ku|gun)|,[ ][A-Z][a-z]+)*(?![A-Za-z])",
    re.IGNORECASE,
)
_WHERE_ONE_LIVES = (
    r"(?=[ 　]?(?:に(?:住|あるマンション|あるアパート)|在住|の自宅|の家|の者"
    r"|(?:まで|へ|に)(?:送|届|郵送|配達)|宛))"
)
_CHOME = rf"{_N}丁目(?:の|[ ])?{_N}(?:番地?(?:の?{_N}号?)?|{_DASH}{_N}(?:{_DASH}{_N})?)"
_LOT_ALONE = re.compile(
    rf"[一-龥々]{{2,6}}(?:{_CHOME}|{_N}{_DASH}{_N}{_DASH}{_N}{_HOUSE}){_WHERE_ONE_LIVES}", re.IGNORECASE
)

_CODE = rf"\d{{3}}[{DASHES}]\d{{4}}"
_POSTAL = re.compile(rf"〒[ ]?(?:{_CODE}|\d{{7}})(?!\d)")
_POSTAL_LABEL = re.compile(
    rf"(?:郵便番号|postal code|zip(?: ?code)?)(?:は|が|:|=| )?[ ]?(?P<value>{_CODE}|\d{{7}})(?!\d)", re.IGNORECASE
)
_POSTAL_BEFORE_ADDRESS = re.compile(
    rf"(?<![\d{DASHES}]){_CODE}(?=[ 　、,]{{0,2}}(?:{_PREFECTURE}|［住所］|[一-龥]{{1,4}}[市区]))"
)

RULES = (
    Rule(MARKS["postal"], _POSTAL),
    Rule(MARKS["postal"], _POSTAL_LABEL),
    Rule(MARKS["address"], _LABELLED),
    Rule(MARKS["address"], _ADDRESS),
    Rule(MARKS["address"], _LOT_ALONE),
    Rule(MARKS["address"], _LATIN_ADDRESS),
    Rule(MARKS["postal"], _POSTAL_BEFORE_ADDRESS),
)
