"""The parts of a page say the right thing to people who look and to people who listen."""

import re

import pytest
from django.template import engines
from markupsafe import Markup

from espalier.common.paging import page_of
from espalier.ui.signs import ASSURANCE, VARIATION


@pytest.fixture
def draw():
    def _draw(source, **context):
        text = '{% import "ui/_components.html" as c %}' + source
        return str(engines["jinja2"].env.from_string(text).render(**context))

    return _draw


NASTY = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ c.button(x) }}", "{{ c.card(x) }}", "{{ c.tag(x) }}", "{{ c.inset(x) }}", "{{ c.notice(x, title=x) }}",
        "{{ c.empty_state(x, x, x, '#') }}", "{{ c.summary_list([{'key': x, 'value': x}]) }}", "{{ c.stat(x, x, x) }}",
        "{{ c.table(x, [x], [[x]]) }}", "{{ c.chart_card(x, '#', '', latest=x, when=x, late=x, note=x) }}",
        "{{ c.text_input('n', x, value=x, hint=x, error=x) }}", "{{ c.select('n', x, [(x, x)], value=x) }}",
        "{{ c.radios('n', x, [(x, x, x)]) }}", "{{ c.textarea('n', x, value=x) }}", "{{ c.variation('high', x) }}",
        "{{ c.search_field(label=x, value=x, hint=x) }}", "{{ c.figure(x, '') }}", "{{ c.progress(x, 1, words=x) }}",
        "{{ c.checkboxes('n', x, [(x, x)], error=x) }}", "{{ c.date_input('n', x, {'day': x}) }}", "{{ c.file_upload('n', x) }}",
    ],
)  # fmt: skip
def test_text_is_always_escaped(draw, source):
    assert "<script" not in draw(source, x=NASTY)


@pytest.mark.parametrize("sign", VARIATION.values(), ids=lambda s: s.code)
def test_every_sign_has_words_beside_a_drawing_that_is_hidden_from_listeners(draw, sign):
    html = draw("{{ c.variation(code) }}", code=sign.code)
    assert f"<span>{sign.words}</span>" in html
    assert f"esp-sign--{sign.icon}" in html
    assert 'aria-hidden="true"' in html


def test_no_two_signs_share_an_outline(draw):
    drawings = [
        re.sub(
            r"esp-sign--[a-z-]+",
            "",
            draw("{{ c.variation(code) }}{{ c.assurance(code) }}", code=s.code).split("</svg>")[0],
        )
        for s in (*VARIATION.values(),)
    ] + [
        re.sub(r"esp-sign--[a-z-]+", "", draw("{{ c.assurance(code) }}", code=s.code).split("</svg>")[0])
        for s in ASSURANCE.values()
    ]
    assert len(set(drawings)) == len(drawings) == len(VARIATION) + len(ASSURANCE)


def test_an_unknown_code_claims_nothing(draw):
    assert "not enough data" in draw("{{ c.variation('surprise') }}")
    assert draw("{{ c.assurance('surprise') }}").strip() == ""


def test_a_table_names_its_columns_rows_and_itself(draw):
    html = draw(
        "{{ c.table('Falls', ['Ward', {'text': 'Falls', 'numeric': true}], [[{'text': 'Ward 7', 'href': '/w7/'}, 1204], ['Ward 8', none]], id='f') }}"
    )
    assert '<caption id="f-caption"' in html
    assert 'role="region" aria-labelledby="f-caption" tabindex="0"' in html
    assert re.findall(r'<th scope="(\w+)"', html) == ["col", "col", "row", "row"]
    assert '<th scope="row"><a href="/w7/">Ward 7</a></th>' in html
    assert '<td class="esp-num">1,204</td>' in html


def test_a_table_without_rows_says_so(draw):
    assert '<td colspan="2">Nothing to show yet.</td>' in draw("{{ c.table('Falls', ['Ward', 'Falls'], []) }}")


def test_pages_keep_the_filters_and_mark_the_current_one(draw):
    html = draw("{{ c.pagination(page, '/m/', {'region': 'Y62', 'page': '2'}) }}", page=page_of("2", size=10, total=45))
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', html) == ["/m/?region=Y62&amp;page=2"]
    assert 'href="/m/?region=Y62&amp;page=3" rel="next"' in html
    assert draw("{{ c.pagination(page, '/m/') }}", page=page_of("1", size=10, total=9)).strip() == ""


def test_tabs_are_links_that_work_without_script(draw):
    html = draw(
        "{{ c.tabs([{'text': 'Data', 'href': '#data', 'current': true}, {'text': 'Method', 'href': '?tab=method'}]) }}"
    )
    assert '<a href="#data" aria-current="page">Data</a>' in html
    assert '<a href="?tab=method">Method</a>' in html


def test_a_button_is_not_sent_twice_and_a_link_stays_a_link(draw):
    assert 'data-prevent-double-click="true"' in draw("{{ c.button('Save') }}")
    assert (
        draw("{{ c.button('Open', href='/x/') }}").strip()
        == '<a class="nhsuk-button" href="/x/" draggable="false">Open</a>'
    )


def test_a_chart_card_is_one_of_a_list_with_one_link(draw):
    html = draw(
        "{% call c.wall('Trusts') %}{{ c.chart_card('A trust', '/a/', s, '71%', 'March 2019', 'concerning', 'fail') }}{% endcall %}",
        s=Markup("<svg></svg>"),
    )
    assert html.count("<a ") == html.count("<li") == 1
    assert '<ul class="esp-wall" aria-label="Trusts">' in html
    assert "<svg></svg>" in html
    assert "worse than usual" in html
    assert "will not meet the target" in html


def test_a_chart_without_a_figure_says_so_instead_of_showing_nothing(draw):
    assert "No figure yet" in draw("{{ c.chart_card('A', '/a/', '') }}")


def test_a_figure_keeps_its_table_one_press_away(draw):
    html = draw("{% call c.figure('Falls', s, says='Steady.') %}<table></table>{% endcall %}", s=Markup("<svg></svg>"))
    assert (
        html.index("<svg")
        < html.index("Steady.")
        < html.index("<details")
        < html.index("<table>")
        < html.index("</details>")
    )
    assert 'aria-label="Falls: chart" tabindex="0"' in html


def test_progress_without_an_end_has_no_value(draw):
    assert "value=" not in draw("{{ c.progress('Getting ready') }}")


def test_hints_and_errors_are_read_out_with_their_input(draw):
    html = draw("{{ c.number_input('falls', 'Falls', hint='Each one', error='Enter falls') }}")
    assert 'aria-describedby="id_falls-hint id_falls-error"' in html
    assert 'inputmode="decimal"' in html


def test_the_gallery_shows_every_part_there_is(draw):
    env = engines["jinja2"].env
    shown = env.loader.get_source(env, "ui/gallery.html")[0]
    layout = env.loader.get_source(env, "ui/layout.html")[0]
    parts = {name for name in vars(env.get_template("ui/_components.html").module) if not name.startswith("_")} - {
        "forms"
    }
    # The form of the gallery draws these through its fields; the frame draws the error summary.
    by_fields = {"text_input", "number_input", "textarea", "radios", "checkboxes", "date_input", "file_upload"}
    missing = [name for name in sorted(parts - by_fields) if f"c.{name}(" not in shown + layout]
    assert missing == []
    assert by_fields < parts
