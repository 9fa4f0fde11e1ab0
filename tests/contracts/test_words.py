"""A page never shows an internal word.

The list is the glossary's column "In code and talk among ourselves": a reader knows wards and trusts, not units.
What counts as seen: text, and what a screen reader or a hovering mouse gives (alt, aria-label, title, placeholder,
the value of a button). Scripts, styles and other attributes are not words on a page.

Names that are data may hold any word ("Urgent Care Unit"): a page marks them with class="data-name", and a name marked
once is let through everywhere on that page, also in the page title and in charts, where no class can stand.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.contracts.routes import PAGES, REFUSALS, reader, sign_in

ROOT = Path(__file__).resolve().parents[2]

# Internal word -> what the page says instead (the hint a failing test gives).
INTERNAL_WORDS = {
    r"units?": "the kind's own name: trust, ward, team, region",
    r"walls?": "all charts",
    r"special[- ]causes?": "worse than usual, better than usual, as usual",
    r"common[- ]causes?": "as usual",
    r"variation (?:codes?|icons?)": "worse than usual, better than usual, as usual",
    r"releases?": "published results",
    r"vaults?": "sealed answers",
    r"instruments?": "questionnaire",
    r"items?": "question, or line of the framework",
    r"scales?": "topic",
    r"rounds?": "survey (spring 2026)",
    r"offers?": "course or event",
    r"bookings?": "my place on it",
    r"dosing": "how many people we need at each level",
    r"grants?": "access",
    r"sharing": "what we share upward",
    r"protected time": "agreed time for improvement",
    r"succession": "who could do this post next, and when",
    r"readiness": "who could do this post next, and when",
    r"exposures?": "what was done",
    r"outcomes?": "what we measured",
    r"protocols?": "what we decided before looking",
    r"hidden": "not shown, so that nobody can be worked out",
    r"editions?": "version of the framework",
    r"lines? of sight": "from the result to the work, and back",
}

# Everyday uses of the same letters, each with the reason it is not the internal word.
ALLOWED_PHRASES = {
    r"minor injur(?:y|ies) units?": "the NHS's own name for a kind of place",
    r"(?:intensive|critical|high dependency) care units?": "the NHS's own name for a kind of ward",
    r"commissioning support units?": "the NHS's own name for a kind of body",
    r"same scales?": "the axis of a chart",
    r"ward rounds?": "doctors and nurses visiting their patients",
    r"all round|year[- ]round|round the clock": "round as in around",
    r"(?:19|20)\d\d editions?": "a file that somebody publishes every year, in the name of a source",
}

BANNED = re.compile(rf"\b(?:{'|'.join(INTERNAL_WORDS)})\b", re.IGNORECASE)
ALLOWED = re.compile(rf"\b(?:{'|'.join(ALLOWED_PHRASES)})\b", re.IGNORECASE)
NOT_SEEN = {"script", "style", "template"}
READ_OUT = {"alt", "aria-label", "aria-description", "aria-roledescription", "title", "placeholder"}
# HTML elements that never close; counting them would lose track of where a data name ends.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(HTMLParser):
    """Collect what a person can read, and apart from it the names that are data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.names: set[str] = set()
        self._unseen = 0
        self._name_depth = 0
        self._name: list[str] = []

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self._read_attributes(tag, facts)
        if tag in NOT_SEEN:
            self._unseen += 1
        if tag in VOID:
            return
        if self._name_depth or "data-name" in (facts.get("class") or "").split():
            self._name_depth += 1

    def handle_startendtag(self, tag, attrs):
        # <path …/> in an SVG opens and closes at once, so it must not deepen anything.
        self._read_attributes(tag, dict(attrs))

    def handle_endtag(self, tag):
        if tag in NOT_SEEN:
            self._unseen -= 1
        if tag in VOID or not self._name_depth:
            return
        self._name_depth -= 1
        if not self._name_depth:
            self.names.add(" ".join("".join(self._name).split()))
            self._name = []

    def handle_data(self, data):
        if self._name_depth:
            self._name.append(data)
        elif not self._unseen:
            self.seen.append(data)

    def _read_attributes(self, tag, facts):
        wanted = READ_OUT | ({"value"} if tag == "input" and facts.get("type") in {"submit", "button"} else set())
        self.seen += [value for name, value in facts.items() if name in wanted and value]


def internal_words_in(html: str) -> list[str]:
    """The internal words a reader of this page meets, each with its surroundings and what to say instead.

    A data name made of nothing but an internal word ("Wall") is not learned: else one team of that name would switch
    the word off for the whole page.
    """
    reader = Reader()
    reader.feed(html)
    reader.close()
    text = " ".join(" ".join(reader.seen).split())
    for name in sorted(reader.names, key=len, reverse=True):
        if name and not BANNED.fullmatch(name):
            text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
    text = ALLOWED.sub("…", text)
    return [f"{text[max(0, m.start() - 40) : m.end() + 40]!r}: say {_instead(m.group())}" for m in BANNED.finditer(text)]


def _instead(word: str) -> str:
    return next(words for pattern, words in INTERNAL_WORDS.items() if re.fullmatch(pattern, word, re.IGNORECASE))


# ---- The reader itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<p>Choose a unit</p>",
        "<p>The <b>wall</b> of charts</p>",
        "<title>All units</title>",
        "<h1>SPECIAL CAUSE</h1>",
        "<p>special-cause</p>",
        "<p>line\n  of&nbsp;sight</p>".replace("&nbsp;", " "),
        '<img alt="A unit" src="x">',
        '<svg role="img" aria-label="the wall"><path d="M0 0"/></svg>',
        "<svg><title>Released to a unit</title></svg>",
        '<input type="submit" value="Make a release">',
        '<input placeholder="Name of the unit">',
        "<noscript>Open the vault</noscript>",
        '<p><span class="data-name">Wall</span> and the wall</p>',
        '<p><img class="data-name" src="x"> every unit</p>',
        '<div><span class="data-name">Ward <b>7</b></span> is a unit</div>',
    ],
)
def test_an_internal_word_a_reader_meets_is_found(html):
    assert len(internal_words_in(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/units/ENG/" class="unit" data-unit="wall">England</a>',
        "<script>const unit = 1</script><style>.wall{}</style><template>a unit</template>",
        '<span class="data-name">Urgent Care Unit</span>',
        '<title>Urgent Care Unit – A&amp;E</title><b class="x data-name">Urgent  Care\nUnit</b>',
        '<svg><title>URGENT CARE UNIT</title></svg><b class="data-name">Urgent Care Unit</b>',
        "<p>A minor injuries unit, open all round the year</p>",
        "<p>united, wallet, released, groundwork, offering, sightline</p>",
        '<input type="hidden" name="unit" value="unit"><input type="text" value="unit">',
        "<!-- a unit -->",
    ],
)
def test_what_is_no_internal_word_is_let_through(html):
    assert internal_words_in(html) == []


def test_the_answer_shows_where_and_what_to_say_instead():
    (hit,) = internal_words_in("<p>Open the wall of measures</p>")
    assert hit == "'Open the wall of measures': say all charts"


def test_every_internal_word_of_the_glossary_can_be_caught():
    glossary = [
        "unit", "wall", "special cause", "variation codes", "release", "vault", "instrument", "item", "scale", "round",
        "offer", "booking", "dosing", "grant", "sharing", "protected time", "succession", "readiness", "exposure",
        "outcome", "protocol", "hidden", "edition", "line of sight",
    ]  # fmt: skip
    assert [word for word in glossary if not internal_words_in(f"<p>a {word} is</p>")] == []


# ---- Words that stand in content files and reach pages --------------------------------------------

HELP = sorted((ROOT / "content" / "help").glob("*.md"))


@pytest.mark.parametrize("path", HELP, ids=lambda p: p.stem)
def test_help_pages_use_readers_words(path):
    # Link targets are addresses, not words.
    text = re.sub(r"\]\([^)]*\)", "]", path.read_text(encoding="utf-8"))
    assert internal_words_in(f"<p>{text}</p>") == []


# ---- Pages -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/admin-tools/")])
def test_pages_use_readers_words(client, path):
    sign_in(client, reader(path))
    response = client.get(path)
    assert response.status_code == 200
    assert internal_words_in(response.content.decode()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", REFUSALS)
def test_pages_that_refuse_use_readers_words(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert internal_words_in(response.content.decode()) == []


@pytest.mark.django_db
def test_the_picture_of_a_chart_uses_readers_words(client):
    assert internal_words_in(client.get("/measures/ae-4-hours/RJ1/chart.svg").content.decode()) == []
