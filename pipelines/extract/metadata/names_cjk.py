"""Names in Chinese, Japanese and Korean bylines, in which labels and not spaces tell who did what.

文/李明 图/王伟          李明 wrote, 王伟 took the photographs
新华社记者 李明 摄       the photographer's credit: nobody wrote
（责编：牛镛、岳弘彬）     the editors, where no author is named
山田太郎 記者            the role stands behind the name
"""

from __future__ import annotations

import re

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WROTE = r"글[·・/]\s?사진|文[・·/]写真|通讯员|通訊員|作者|執筆者|撰文|撰稿|文字|本文|执笔|執筆|文|글|記者|记者|取材"
_EDITED = "责任编辑|責任編輯|责编|責編|编辑|編輯|編集"
_OTHERS = (
    "译者|摄影|攝影|摄像|供图|供圖|图片|圖片|图|圖|写真|撮影|사진|来源|來源|稿源|出处|审核|校对|监制|校對|翻译|翻譯|译"
)
_LABEL = re.compile(
    rf"(?:(?<![^\W\d])|(?<=[\s)）]))({_WROTE}|{_EDITED}|{_OTHERS})\s*(?:[:：/／|｜丨・＝]|(?<=글|진)\s)\s*"
)
_REPORTER = re.compile(
    r"^(?:[^\s:：]{0,8}?)(?:特约|实习|首席|驻[^\s记]{1,6}|見習)?(?:记者|記者|通讯员|通訊員|特派员|特派員|评论员|撰稿人)[\s:：]*(?=\S)"
)
_ROLE_BEHIND = re.compile(r"[\s　]*(?:記者|记者|编辑|報導|报道|报导|综合报道|電|기자|논설위원)$")
_PHOTOGRAPHED = re.compile(r"(?:摄|攝|供图|供圖|撮影|摄影|攝影)\s*[)）]?$")
_FILED = re.compile(r"[^\s记者記](?:報導|报道|报导|電|电)$|^$")  # a place behind the name
_PARTS = re.compile(
    r"[\s、，,;；／/・&＆]+|(?<![\u4e00-\u9fff])·|·(?![\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff])"
)
_DEPARTMENT = re.compile(r"^[\u3400-\u9fff]{2,5}部[\s　]+(?=[\u3040-\u30ff\u3400-\u9fff])")  # 社会部 山田太郎
_OFFICE = re.compile(
    r"^(?:(?:編集|論説|解説|客員|特別編集)委員(?:長)?|支局長|デスク|専門記者)[・\s　]+"
)  # 編集委員・山田太郎
_FROM_PLACE = re.compile(r"^[가-힣]{2,8}\s?=\s?([가-힣]{2,4})\s*(?:기자|특파원|통신원)")  # 오슬로=김철수 특파원
_OUTLET = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff々])[(（][^()（）]{1,20}[)）]?")  # 山田太郎（海岬新聞）
_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff々]{2,8}|[가-힣]{2,4}|[\u3400-\u9fff]{1,6}(?:·[\u3400-\u9fff]{1,6}){1,3}"
)  # the last: transliterated (玛丽·居里)
_NO_NAME = re.compile(
    r"(?:报道|報導|报导|新闻|新聞|日报|日報|报社|网|網|社|新聞社|中心|编辑部|編輯部|편집부|뉴스|일보)$"
)


def cjk_names(text: str) -> tuple[str, ...] | None:
    """The names in the byline *text*; None where no label tells them, and the text is to be read as any other."""
    if _CJK.search(text) is None:
        return None
    text = text.strip(" 　()（）[]【】〔〕")
    if department := _DEPARTMENT.match(text):
        return _listed(text[department.end() :]) or None
    if office := _OFFICE.match(text):
        return _listed(text[office.end() :]) or None
    if placed := _FROM_PLACE.match(text):
        return (placed[1],)
    parts = _LABEL.split(text)  # what stands before the first label, then label and text in turn
    labelled = list(zip(parts[1::2], parts[2::2], strict=True))
    for labels in (_WROTE, _EDITED):
        names = [name for label, value in labelled if re.fullmatch(labels, label) for name in _listed(value)]
        if names:
            return tuple(dict.fromkeys(names))
    if labelled and not _CJK.search(parts[0]):
        return ()
    if _PHOTOGRAPHED.search(text):
        return ()
    reporter = _REPORTER.match(text)
    if reporter is not None:
        return _listed(text[reporter.end() :]) or None
    behind = _ROLE_BEHIND.search(text)
    return (
        (_listed(text[: behind.start()]) or None) if behind is not None and " " not in text[: behind.start()] else None
    )


def _listed(text: str) -> tuple[str, ...]:
    """The names that *text* lists, without roles and places."""
    names = dict.fromkeys(
        _ROLE_BEHIND.sub("", one)
        for one in _PARTS.split(_OUTLET.sub("", text.strip(" 　")).strip("()（）"))
        if not _FILED.search(one)
    )
    kept = [one for one in names if _NAME.fullmatch(one) and not _NO_NAME.search(one)]
    return tuple(kept[:30])
