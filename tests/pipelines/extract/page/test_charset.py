"""The characters of a page: declared, detected where they are not, and flagged where they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.charset import DecodedText, decode_page

RUSSIAN = (
    "Паромная компания, которая связывает два берега залива, объявила в понедельник, что самый старый паром выйдет из "
    "строя в конце сезона. Капитан и команда месяцами предупреждали, что насосы работают всё тяжелее."
)
GERMAN = (
    "Die Reederei, die beide Ufer der Bucht verbindet, kündigte am Montag an, daß das älteste Schiff außer Dienst gehe."
)
TEXTS = {
    ("ru", "windows-1251"): RUSSIAN,
    ("ru", "koi8-r"): RUSSIAN,
    ("ru", "iso-8859-5"): RUSSIAN,
    ("uk", "windows-1251"): "Поромна компанія, яка зв'язує два береги затоки, оголосила в понеділок, що найстаріший пором вийде з ладу наприкінці сезону.",
    ("pl", "windows-1250"): "Spółka promowa łącząca dwa brzegi zatoki ogłosiła w poniedziałek, że najstarszy prom zakończy służbę. Mieszkańcy są źli, bo następca będzie kosztował niemało.",
    ("pl", "iso-8859-2"): "Spółka promowa łącząca dwa brzegi zatoki ogłosiła w poniedziałek, że najstarszy prom zakończy służbę. Mieszkańcy są źli, bo następca będzie kosztował niemało.",
    ("cs", "windows-1250"): "Společnost, která spojuje oba břehy zálivu, v pondělí oznámila, že nejstarší přívoz skončí na konci sezóny. Lidé žijící u řeky se hněvají.",
    ("hu", "iso-8859-2"): "Az öböl két partját összekötő társaság hétfőn bejelentette, hogy a legöregebb komp a szezon végén leáll. Az erről szóló döntést később hozzák meg, a költő szerint őszre.",
    ("tr", "windows-1254"): "Körfezin iki yakasını birleştiren şirket, en eski vapurun sezon sonunda seferden çekileceğini pazartesi günü açıkladı. Yağmur yağınca işler büsbütün karışıyor.",
    ("el", "windows-1253"): "Η εταιρεία που συνδέει τις δύο ακτές του κόλπου ανακοίνωσε τη Δευτέρα ότι το παλαιότερο πλοίο θα αποσυρθεί στο τέλος της περιόδου.",
    ("he", "windows-1255"): "החברה שמחברת בין שתי גדות המפרץ הודיעה ביום שני כי המעבורת הישנה ביותר תצא משירות בסוף העונה.",
    ("ar", "windows-1256"): "أعلنت الشركة التي تربط ضفتي الخليج يوم الاثنين أن أقدم عبارة ستخرج من الخدمة في نهاية الموسم.",
    ("lt", "windows-1257"): "Bendrovė, jungianti abu įlankos krantus, pirmadienį pranešė, kad seniausias keltas baigs darbą sezono pabaigoje. Žmonės pyksta, nes ąžuolinis šturvalas liks čia.",
    ("lt", "cp1257"): "Šiaurinio kyšulio švyturys turėjo būti išjungtas sausį, o valdyba jau buvo pardavusi lęšį muziejui.",
    ("hu", "cp852"): "Az öböl két partját összekötő társaság hétfőn bejelentette, hogy a legöregebb komp a szezon végén leáll.",
    ("de", "cp850"): GERMAN,
    ("th", "cp874"): "บริษัทเรือข้ามฟากที่เชื่อมสองฝั่งอ่าวประกาศเมื่อวันจันทร์ว่าเรือลำเก่าที่สุดจะหยุดให้บริการเมื่อสิ้นฤดูกาล",
    ("ja", "shift_jis"): "湾の両岸を結ぶ渡船会社は月曜日、最も古い船の運航を今季限りで終えると発表した。船長は何か月も前から警告していた。",
    ("ja", "euc_jp"): "湾の両岸を結ぶ渡船会社は月曜日、最も古い船の運航を今季限りで終えると発表した。船長は何か月も前から警告していた。",
    ("ja", "iso2022_jp"): "湾の両岸を結ぶ渡船会社は月曜日、最も古い船の運航を今季限りで終えると発表した。船長は何か月も前から警告していた。",
    ("zh", "gb18030"): "连接海湾两岸的轮渡公司星期一宣布,最旧的渡轮将在本季结束时停航。船长和船员几个月来一直警告说,水泵的工作越来越吃力。",
    ("zh", "big5"): "連接海灣兩岸的渡輪公司星期一宣布,最舊的渡輪將在本季結束時停航。船長和船員幾個月來一直警告說,水泵的工作越來越吃力。",
    ("ko", "euc_kr"): "만의 두 기슭을 잇는 여객선 회사는 월요일 가장 오래된 배가 이번 철을 끝으로 운항을 멈춘다고 발표했다.",
    ("de", "windows-1252"): GERMAN,
    ("fr", "windows-1252"): "La compagnie qui relie les deux rives de la baie a annoncé lundi que son plus vieux bac cesserait son service à la fin de l’été.",
}  # fmt: skip


def decoded(text: str, encoding: str, *, header: str = "text/html", meta: str = "") -> DecodedText:
    declared = f'<meta charset="{meta}">' if meta else ""
    html = f"<html><head>{declared}<title>The ferry</title></head><body><p>{text}</p><p>{text}</p></body></html>"
    headers = (("Content-Type", header),) if header else ()
    return decode_page(
        PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), headers, html.encode(encoding))
    )


def text_of(one: DecodedText) -> str:
    return one.text if isinstance(one.text, str) else one.text.decode("utf-8", "replace")


@pytest.mark.parametrize(("language", "encoding"), TEXTS)
def test_an_encoding_that_nobody_declares_is_detected_and_flagged(language: str, encoding: str) -> None:
    found = decoded(TEXTS[language, encoding], encoding)
    assert TEXTS[language, encoding] in text_of(found)
    assert found.guessed


@pytest.mark.parametrize(
    ("header", "meta"), [("text/html; charset=koi8-r", ""), ("text/html", "koi8-r"), ("", "koi8-r")]
)
def test_an_encoding_that_is_declared_and_fits_is_taken_unasked(header: str, meta: str) -> None:
    found = decoded(RUSSIAN, "koi8-r", header=header, meta=meta)
    assert (found.encoding, found.guessed) == ("koi8-r", False)


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("koi8-r", "text/html; charset=windows-1251", "koi8-r"),
        ("windows-1251", "text/html; charset=koi8-r", ""),
        ("windows-1251", "text/html; charset=ISO-8859-1", ""),
        ("windows-1251", "text/html; charset=ISO-8859-1", "windows-1251"),
        ("windows-1251", "text/html; charset=utf-8", ""),
        ("windows-1251", "", "utf-8"),
    ],
)
def test_a_declaration_that_the_bytes_contradict_is_not_believed(encoding: str, header: str, meta: str) -> None:
    found = decoded(RUSSIAN, encoding, header=header, meta=meta)
    assert RUSSIAN in text_of(found)
    assert found.guessed


@pytest.mark.parametrize(
    ("header", "meta"), [("text/html; charset=ISO-8859-1", ""), ("", "windows-1252"), ("text/html; charset=iso-8859-15", "iso-8859-1")]
)  # fmt: skip
def test_western_letters_declared_as_western_are_left_alone(header: str, meta: str) -> None:
    found = decoded(GERMAN * 20, "windows-1252", header=header, meta=meta)
    assert GERMAN in text_of(found)


@pytest.mark.parametrize(
    ("language", "encoding", "header", "meta"),
    [
        ("tr", "windows-1254", "text/html; charset=ISO-8859-1", ""),
        ("hu", "iso-8859-2", "text/html; charset=ISO-8859-1", ""),
        ("pl", "windows-1250", "", "iso-8859-1"),
        ("cs", "windows-1250", "text/html; charset=ISO-8859-1", ""),
        ("lt", "windows-1257", "text/html; charset=windows-1252", ""),
        ("ja", "iso2022_jp", "text/html; charset=ISO-8859-1", ""),
        ("ja", "iso2022_jp", "", "shift_jis"),
        ("zh", "gb18030", "text/html; charset=big5", ""),
    ],
)
def test_letters_that_the_declared_encoding_cannot_write_speak_against_it(
    language: str, encoding: str, header: str, meta: str
) -> None:
    found = decoded(TEXTS[language, encoding] * 3, encoding, header=header, meta=meta)
    assert TEXTS[language, encoding] in text_of(found)
    assert found.guessed


@pytest.mark.parametrize(
    "text",
    [
        "Bæjarstjórinn opnaði í gær nýja safnið í bænum að viðstöddum fjölda íbúa, sem þótti það gott.",
        "Kryetari hapi dje muzeun e ri të qytetit në prani të shumë banorëve, të cilët kërkuan më shumë ekspozita për fëmijë.",
        "O prefeito inaugurou ontem o novo museu da cidade diante de muitos moradores, que pediram mais exposições.",
        "Linnapea avas eile uue muuseumi, kohal olid paljud elanikud ja kunstisõbrad, kes rõõmustasid selle püha üle.",
    ],
)
def test_rare_letters_of_western_languages_are_no_reason_to_guess(text: str) -> None:
    found = decoded(text, "iso-8859-1", header="text/html; charset=iso-8859-1")
    assert text in text_of(found)
    assert text in text_of(decoded(text, "iso-8859-1"))


@pytest.mark.parametrize("header", ["", "text/html; charset=iso-8859-1", "text/html; charset=utf-16"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf_16_without_a_byte_order_mark_is_told_by_its_zeros(encoding: str, header: str) -> None:
    for text in (RUSSIAN, TEXTS["ja", "shift_jis"]):
        found = decoded(text, encoding, header=header)
        assert (found.encoding, found.guessed) == (encoding, "utf-16" not in header)
        assert text in text_of(found)


@pytest.mark.parametrize(("language", "encoding"), [("zh", "gb18030"), ("ja", "shift_jis"), ("ko", "euc_kr")])
def test_a_character_that_was_cut_does_not_hide_the_encoding(language: str, encoding: str) -> None:
    text = TEXTS[language, encoding]
    html = f"<p>{text}</p><p>{text}</p>".encode(encoding).replace(b"</p><p>", b"\xb3</p><p>")
    found = decode_page(PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html))
    assert text_of(found).count(text) == 2


def test_utf_8_with_a_broken_byte_is_not_read_as_the_header_says() -> None:
    html = f"<p>{RUSSIAN}</p>".encode().replace(b"<p>", b"<p>\xff", 1)
    headers = (("Content-Type", "text/html; charset=iso-8859-1"),)
    assert RUSSIAN in text_of(
        decode_page(PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), headers, html))
    )


def test_a_few_words_of_another_script_amid_english_are_detected() -> None:
    text = "The mayor opened the new museum of the town yesterday. " * 20 + RUSSIAN
    assert RUSSIAN in text_of(decoded(text, "windows-1251"))


def test_a_broken_byte_makes_utf_8_nothing_else() -> None:
    html = f"<p>{RUSSIAN}</p>".encode().replace(b"<p>", b"<p>\xff", 1)
    found = decode_page(PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html))
    assert found.encoding == "utf-8"
    assert RUSSIAN in text_of(found)


def test_plain_ascii_is_no_guess() -> None:
    assert not decoded("The ferry company announced it on Monday.", "ascii").guessed


@pytest.mark.parametrize("text", [RUSSIAN, GERMAN * 3])
def test_what_was_encoded_twice_is_undone_where_all_of_it_was(text: str) -> None:
    twice = "".join(
        bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in text.encode()
    )
    found = decoded(twice, "utf-8", header="text/html; charset=utf-8")
    assert text in text_of(found)
    assert found.guessed
    assert twice in text_of(decoded(f"{twice} {text}", "utf-8"))


def test_one_letter_of_windows_1252_in_a_footer_leaves_utf_8() -> None:
    html = (
        f"<p>{GERMAN}</p><footer>l\xe4\xdft</footer>".replace(GERMAN, "§")
        .encode("latin-1")
        .replace(b"\xa7", GERMAN.encode())
    )
    found = decode_page(PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html))
    assert GERMAN in text_of(found)


def test_vietnamese_tones_are_composed_with_their_letters() -> None:
    text = (
        "Ngo\u0323n ha\u0309i đăng ơ\u0309 mu\u0303i phía bă\u0301c dư\u0323 đi\u0323nh bi\u0323 tă\u0301t vào tháng mô\u0323t. "
        * 3
    )
    assert "Ngọn hải đăng ở mũi" in text_of(decoded(text, "cp1258"))
