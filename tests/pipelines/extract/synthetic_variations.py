"""Three more made-up sites, unlike `synthetic_site` in language, order and wording of what stands around their articles.

``german``   a plea for the newsletter and a link to another article between the paragraphs, tags and comments after them
``russian``  the most read before the article; date, author and a view counter after it; other articles without teasers
``chinese``  no spaces; an author's box before the text, a licence line, the posts before and after

In markup: ``plain`` (paragraphs and headings), ``hashed`` (divisions with class names of a build tool), ``flat`` (all ``<p>``).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape

VARIATIONS = ("german", "russian", "chinese")
MARKUPS = ("plain", "hashed", "flat")
_WORDS = {
    "german": (
        ("Der Stadtrat", "Eine Gruppe von Eltern", "Die Fährgesellschaft", "Das Museum", "Der neue Besitzer", "Die Feuerwehr"),
        ("hat angekündigt", "verteidigt", "verschiebt", "untersucht", "bezahlt", "eröffnet"),
        ("den Umbau der alten Brücke", "den Plan für den Marktplatz", "den Fahrplan des Winters", "das Dach der Bücherei"),
        ("am Montag", "nach langer Debatte", "trotz des Regens", "kurz vor dem Sommer", "zur Überraschung vieler"),
        ("Die Kosten werden auf {n} Tausend Kronen geschätzt.", "Von {n} Befragten war gut die Hälfte dafür.",
         "Ein erster Versuch war vor {n} Monaten gescheitert.", "Wie viele der {n} Plätze bleiben, ist noch offen."),
    ),
    "russian": (
        ("Городской совет", "Группа родителей", "Паромная компания", "Музей", "Новый владелец", "Пожарная служба"),
        ("объявил о плане на", "защищает", "откладывает", "изучает", "оплатил", "открыл"),
        ("ремонт старого моста", "проект рыночной площади", "зимнее расписание", "крышу библиотеки"),
        ("в понедельник", "после долгих споров", "несмотря на дождь", "перед самым летом", "к удивлению многих"),
        ("Расходы оцениваются в {n} тысяч крон.", "Из {n} опрошенных чуть больше половины были за.",
         "Первая попытка не удалась {n} месяцев назад.", "Сколько из {n} мест останется, пока не решено."),
    ),
    "chinese": (
        ("市议会", "一群家长", "轮渡公司", "博物馆", "新的业主", "消防队"),
        ("宣布将重新修建", "公开为之辩护的是", "决定推迟讨论", "正在仔细调查", "出资购买了", "重新开放了"),
        ("城北的老桥", "市场广场的规划", "冬季的时刻表", "图书馆的屋顶"),
        ("就在本周一", "经过漫长的辩论", "尽管大雨不停", "在夏天到来之前", "这让许多人感到意外"),
        ("预计费用为{n}万元，其中大部分由地区承担。", "在接受调查的{n}人当中，略多于一半的人表示赞成。",
         "第一次尝试在{n}个月以前因为缺少签名而失败。", "现有的{n}个座位当中有多少会保留，目前还没有决定。"),
    ),
}  # fmt: skip
_AUTHORS = {
    "german": (("Mara Quell", "Mara Quell schreibt über den Hafen und den Stadtrat. Sie lebt mit zwei Hunden am Meer."),
               ("Tobias Fenn", "Tobias Fenn berichtet seit zwölf Jahren über Schulen. Davor fuhr er einen Bus.")),
    "russian": (("Мария Кузнецова", "Мария Кузнецова пишет о порте и городском совете. Живёт у моря с двумя собаками."),
                ("Тимур Фенин", "Тимур Фенин двенадцать лет пишет о школах и дорогах. Раньше водил автобус.")),
    "chinese": (("林小海", "林小海，负责港口和市议会的报道。她和两只狗住在海边，周末写作。"),
                ("陈东风", "陈东风，十二年来一直报道学校和道路。在那以前他是一名公共汽车司机。")),
}  # fmt: skip


@dataclass(frozen=True)
class Post:
    """An article."""

    number: int
    title: str
    author: str
    biography: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/p/{self.number + 100}"

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def posts(variation: str, count: int = 12) -> list[Post]:
    """The articles of a site: no two have a paragraph in common."""
    rng = random.Random(variation)
    who, did, what, when, more = _WORDS[variation]
    gap, stop = ("", "。") if variation == "chinese" else (" ", ".")

    def sentence() -> str:
        return gap.join((rng.choice(who), rng.choice(did), rng.choice(what), rng.choice(when)))

    found = []
    for number in range(count):
        author, biography = _AUTHORS[variation][number % 2]
        paragraphs = [
            gap.join([f"{sentence()}{stop}", rng.choice(more).format(n=rng.randrange(100, 9999)), f"{sentence()}{stop}",
                      rng.choice(more).format(n=rng.randrange(100, 9999))])
            for _ in range(5)
        ]  # fmt: skip
        title = gap.join((rng.choice(who), rng.choice(did), rng.choice(what), str(number + 2)))
        found.append(Post(number, title, author, biography, tuple(paragraphs)))
    return found


def page_of(variation: str, post: Post, site: list[Post], markup: str) -> str:
    """The page of *post*."""
    around = [site[(post.number + step) % len(site)] for step in (2, 5, 6)]
    parts = {"german": _german, "russian": _russian, "chinese": _chinese}[variation](post, around, site)
    write = {"plain": _plain, "hashed": _hashed, "flat": _flat}[markup]
    name = {"german": "Hafenblatt", "russian": "Портовый листок", "chinese": "海港日报"}[variation]
    head = f'<meta charset="utf-8"><title>{escape(post.title)} | {name}</title>'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{write(parts)}</body></html>"


Part = tuple[str, str]  # what it is to the markup: title, text, line, heading, link; and its HTML


def _links(targets: list[Post]) -> list[Part]:
    return [("link", f'<a href="{one.path}">{escape(one.title)}</a>') for one in targets]


def _text(post: Post) -> list[Part]:
    return [("text", escape(one)) for one in post.paragraphs]


def _german(post: Post, around: list[Post], site: list[Post]) -> list[Part]:
    text = _text(post)
    plea = ("line", "Keine Nachricht mehr versäumen: Bestellen Sie unseren Brief, jeden Morgen um sechs Uhr.")
    return [
        ("line", '<a href="/">Start</a> <a href="/stadt">Stadt</a> <a href="/meer">Meer</a>'), ("title", escape(post.title)),
        ("line", f"Von {post.author}"), ("line", f"{post.number + 1}. März 2026, 08:15 Uhr"),
        ("line", f'<img src="/b/{post.number}.jpg" alt="">'), ("line", f"{escape(post.title)} (Foto: Archiv)"),
        *text[:2], plea, *text[2:4], ("line", f'Auch lesenwert: <a href="{around[0].path}">{escape(around[0].title)}</a>'), *text[4:],
        ("line", post.biography), ("line", "Schlagworte: <a href='/t/hafen'>Hafen</a>, <a href='/t/rat'>Rat</a>"),
        ("heading", "Ihre Meinung?"), ("line", "Bitte melden Sie sich an, um zu schreiben."),
        ("heading", "Das könnte Ihnen gefalen"), *_links(around), ("line", "© 2026 Hafenblatt Verlag"),
    ]  # fmt: skip


def _russian(post: Post, around: list[Post], site: list[Post]) -> list[Part]:
    return [
        ("line", '<a href="/">Главная</a> <a href="/gorod">Город</a>'), ("heading", "Сейчас читают"), *_links(site[1:5]),
        ("title", escape(post.title)), *_text(post),
        ("line", f"Просмотров: {post.number * 37 + 12}"), ("line", f"{post.number + 1} марта 2026"), ("line", post.author),
        ("line", post.biography), ("line", "Нравится газета? Расскажите о ней друзьям и соседям."),
        ("heading", "Ещё по тэме"), *_links(around), ("line", "© 2026 Портовый листок. Все права защищены."),
    ]  # fmt: skip


def _chinese(post: Post, around: list[Post], site: list[Post]) -> list[Part]:
    before, after = site[post.number - 1], site[(post.number + 1) % len(site)]
    return [
        ("line", '<a href="/">首页</a> <a href="/city">城市</a>'), ("title", escape(post.title)),
        ("line", f"2026年3月{post.number + 1}日 {post.author}"), ("line", post.biography), *_text(post),
        ("line", "本文采用知识共享许可协议，转载请注明出处，谢谢您的支持。"),
        ("link", f'上一篇：<a href="{before.path}">{before.title}</a>'), ("link", f'下一篇：<a href="{after.path}">{after.title}</a>'),
        ("heading", "猜您喜欢"), *_links(around), ("line", "海港日报 版权所有"),
    ]  # fmt: skip


def _plain(parts: list[Part]) -> str:
    tags = {"title": "h1", "heading": "h3", "link": "li"}
    return (
        "<div>" + "".join(f"<{tags.get(kind, 'p')}>{html}</{tags.get(kind, 'p')}>" for kind, html in parts) + "</div>"
    )


def _hashed(parts: list[Part]) -> str:
    names = {"title": "k7aa", "heading": "q0q1", "link": "zz19", "text": "b31x", "line": "b31x"}
    return "<div class='r00t'>" + "".join(f"<div class='{names[kind]}'>{html}</div>" for kind, html in parts) + "</div>"


def _flat(parts: list[Part]) -> str:
    return "<div>" + "".join(f"<p>{html}</p>" for _, html in parts) + "</div>"
