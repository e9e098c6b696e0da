"""Bylines as they are printed, in the languages of the press: names without dates, roles, photographers and furniture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.extract.metadata.names import names_in
from broadsheet.pipelines.extract.metadata.names_cjk import cjk_names


@pytest.mark.parametrize(
    "byline",
    """By Ann Ho on 12 August 2024
    By Ann Ho on August 12, 2024
    By Ann Ho on the 12th of August
    By Ann Ho on 8/12/24
    By Ann Ho on
    Published on 12 August 2024 by Ann Ho
    August 12, 2024 by Ann Ho
    Posted August 12, 2024 by Ann Ho in News
    Ann Ho, originally published: August 12, 2024
    Submitted by Ann Ho on Mon, 08/12/2024 - 07:30
    Von Ann Ho am Montag, 12. August 2024
    12.08.2024 von Ann Ho
    Eingereicht von Ann Ho am Mo., 12.08.2024 - 07:30
    Par Ann Ho, le lundi 12 août 2024
    Publié le 12 août 2024 par Ann Ho
    Soumis par Ann Ho le lun, 12/08/2024 - 07:30
    Por Ann Ho el 12 de agosto de 2024
    Por Ann Ho em 12 de agosto de 2024
    Di Ann Ho lunedì 12 agosto 2024
    Inviato da Ann Ho il Lun, 12/08/2024
    Door Ann Ho op 12 augustus 2024
    Af Ann Ho d. 12. august 2024
    Autor: Ann Ho 12.08.2024
    Autorka: Ann Ho
    Yazan: Ann Ho 12 Ağustos 2024
    Napsal Ann Ho 12. srpna 2024
    Oleh Ann Ho, 12 Agustus 2024
    Автор: Ann Ho, 12 августа 2024
    כתב: Ann Ho
    लेखक: Ann Ho""".splitlines(),
)
def test_a_date_is_no_part_of_a_name(byline: str) -> None:
    assert names_in(byline) == ("Ann Ho",)


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("Reporting by Ann Ho in Oslo and Bo Ek in Rome; Writing by Cy Day; Editing by Di Fox", ("Ann Ho", "Bo Ek")),
        ("(Reporting by Ann Ho; Editing by Bo Ek)", ("Ann Ho",)),
        ("By ANN HO and BO EK Associated Press", ("ANN HO", "BO EK")),
        ("By Ann Ho, Associated Press", ("Ann Ho",)),
        ("By Ann Ho of the Harbour Gazette", ("Ann Ho",)),
        ("By Reuters", ("Reuters",)),
        ("By Ann Ho and Reuters", ("Ann Ho", "Reuters")),
        ("From Ann Ho in Oslo", ("Ann Ho",)),
        ("Share Print By Ann Ho", ("Ann Ho",)),
        ("Ann Ho, da Reuters", ("Ann Ho",)),
        ("Das Interview führte Ann Ho", ("Ann Ho",)),
        ("Ann Ho (Text) und Bo Ek (Fotos)", ("Ann Ho",)),
        ("tekst: Ann Ho, fot. Bo Ek", ("Ann Ho",)),
        ("Ann Ho, de São Paulo", ("Ann Ho",)),
        ("Muhabir: Ann Ho", ("Ann Ho",)),
        ("Laporan wartawan Ann Ho", ("Ann Ho",)),
        ("Анна Иванова для «Мыса»", ("Анна Иванова",)),
        ("گزارش از علی رضایی", ("علی رضایی",)),
        ("أحمد علي وسارة محمد", ("أحمد علي", "سارة محمد")),
        ("أحمد علي وليد حسن", ("أحمد علي وليد حسن",)),
        ("דנה כהן ויוסי לוי", ("דנה כהן", "יוסי לוי")),
        ("Piše Ann Ho, Hina", ("Ann Ho",)),
        ("إعداد: أحمد علي", ("أحمد علي",)),
        ("דנה כהן, כתבת לענייני ים", ("דנה כהן",)),
        ("Von unserer Korrespondentin Ann Ho", ("Ann Ho",)),
        ("Ein Bericht von Ann Ho", ("Ann Ho",)),
        ("Redacción: Ann Ho", ("Ann Ho",)),
        ("Texto de Ann Ho", ("Ann Ho",)),
        ("Haber: Ann Ho", ("Ann Ho",)),
        ("Opracowała Ann Ho", ("Ann Ho",)),
        ("Par notre correspondante Ann Ho", ("Ann Ho",)),
        ("Par Ann Ho, envoyée spéciale à Lyon", ("Ann Ho",)),
        ("De nuestra corresponsal Ann Ho", ("Ann Ho",)),
        ("dal nostro inviato Bo Ek", ("Bo Ek",)),
        ("Words by Ann Ho, photos by Bo Ek", ("Ann Ho",)),
        ("Tekst: Ann Ho Foto: Bo Ek", ("Ann Ho",)),
        ("Text und Fotos: Ann Ho", ("Ann Ho",)),
        ("Photo by Bo Ek", ()),
        ("Foto: Bo Ek", ()),
        ("Originally Posted: June 1, 2021", ()),
        ("Channel 4 News", ("Channel 4 News",)),
    ],
)
def test_desks_agencies_and_photographers_are_told_from_authors(byline: str, wanted: tuple[str, ...]) -> None:
    assert names_in(byline) == wanted


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("本报记者 李明 王小伟", ("李明", "王小伟")),
        ("新华社记者 李明", ("李明",)),
        ("（记者李明）", ("李明",)),
        ("記者李小明／台北報導", ("李小明",)),
        ("文/李明 图/王伟", ("李明",)),
        ("글·사진 김철수 기자", ("김철수",)),
        ("作者：李明 来源：新华网", ("李明",)),
        ("來源：中央社 記者：李明", ("李明",)),
        ("（责编：牛镛、岳弘彬）", ("牛镛", "岳弘彬")),
        ("作者：李明 责任编辑：王伟", ("李明",)),
        ("新华社记者 李明 摄", ()),
        ("李明 摄", ()),
        ("图/王伟", ()),
        ("文・山田太郎 写真・鈴木花子", ("山田太郎",)),
        ("山田太郎 記者", ("山田太郎",)),
        ("【山田太郎】", ("山田太郎",)),
        ("社会部 山田太郎", ("山田太郎",)),
        ("文丨李明 编辑丨王伟", ("李明",)),
        ("文・写真＝山田太郎（岬新聞）", ("山田太郎",)),
        ("记者：李明 通讯员：王小伟", ("李明", "王小伟")),
        ("[오슬로=홍길동 특파원]", ("홍길동",)),
        ("글 홍길동 사진 김철수", ("홍길동",)),
        ("홍길동 기자 hong@gazette.example", ("홍길동",)),
    ],
)
def test_labels_tell_who_wrote_in_chinese_japanese_and_korean(byline: str, wanted: tuple[str, ...]) -> None:
    assert names_in(byline) == wanted


@given(st.text(alphabet="作者:文／/ 李明记者摄（）Byonam12.8 ", max_size=40))
def test_any_byline_is_read(text: str) -> None:
    assert all(names_in(text))
    assert cjk_names(text) is None or all(cjk_names(text) or ())


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("By Martin L. Holm Jr. and Ann Ho", ("Martin L. Holm Jr.", "Ann Ho")),
        ("By political reporter Ann Ho", ("Ann Ho",)),
        ("By Ann Ho. Translated from the Norwegian by Bo Ek", ("Ann Ho",)),
        ("By Ann Ho, as told to Bo Ek", ("Ann Ho",)),
        ("Ann Ho, traduzione di Bo Ek", ("Ann Ho",)),
        ("ترجمة: سارة محمد", ()),
        ("By ann.ho@a.example (Ann Ho)", ("Ann Ho",)),
        ("Published 3 hours ago by Ann Ho", ("Ann Ho",)),
        ("Ann Ho, University of Bergen", ("Ann Ho",)),
        ("Av: Ann Ho / TT", ("Ann Ho",)),
        ("AFP", ("AFP",)),
        ("By Ann Ho (words) and Bo Ek (pictures)", ("Ann Ho",)),
        ("Moderated by Bo Ek. Written by Ann Ho.", ("Ann Ho",)),
        ("By Ann Ho and others", ("Ann Ho",)),
        ("Testo e foto di Ann Ho", ("Ann Ho",)),
        ("Ann Ho avec l'AFP", ("Ann Ho",)),
        ("Ann Ho / Agencias", ("Ann Ho",)),
        ("Bài, ảnh: Nguyễn Văn An", ("Nguyễn Văn An",)),
        ("編集委員・山田太郎", ("山田太郎",)),
        ("Texte Ann Ho Photographies Bo Ek", ("Ann Ho",)),
        ("Ann Ho, enviada especial a Oslo", ("Ann Ho",)),
        ("Ein Kommentar von Ann Ho", ("Ann Ho",)),
        ("Aufgezeichnet von Ann Ho", ("Ann Ho",)),
        ("Автор: Иван Петров, снимки: Мария Колева", ("Иван Петров",)),
        ("Γράφουν: Γιώργος Παππάς και Άννα Νικολάου", ("Γιώργος Παππάς", "Άννα Νικολάου")),
        ("執筆者：山田太郎", ("山田太郎",)),
        ("作者：玛拉·林德 译者：王小明", ("玛拉·林德",)),
        ("राम शर्मा द्वारा", ("राम शर्मा",)),
        ("লিখেছেন রহিম উদ্দিন", ("রহিম উদ্দিন",)),
        ("எழுதியவர்: குமார் ராஜன்", ("குமார் ராஜன்",)),
    ],
)
def test_other_parts_in_it_roles_and_houses_are_no_authors(byline: str, wanted: tuple[str, ...]) -> None:
    assert names_in(byline) == wanted
