"""Every kind of file holds the same figures, runs nothing that stands in a name, and can be read by whoever cannot see it."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pypdf
import pytest
from pptx import Presentation
from tests.unit.exports.scene import PAYLOADS, POINTS, document, everything, picture

from espalier.common.errors import NotFoundHere
from espalier.exports import columns, images, keeping, pages, slides, workbooks
from espalier.exports.answers import file_name, made
from espalier.exports.shapes import Document, plain

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
FIGURES = [point.value for point in POINTS]


def converted(content, kind, to, tmp_path):
    """Let LibreOffice open a file and write it as another kind."""
    (tmp_path / f"in.{kind}").write_bytes(content)
    home = (tmp_path / "home").as_uri()
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={home}", "--convert-to", to, "--outdir", str(tmp_path / "out"), f"in.{kind}"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (tmp_path / "out" / f"in.{to.split(':')[0]}").read_bytes()


# ---- Workbooks -------------------------------------------------------------------------------------


def sheets(content):
    """Cells of every sheet by name: numbers as numbers, days as days, texts as texts; formulas are counted."""
    import fastexcel

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")}
    formulas = sum(len(re.findall(r"<f[ >]", words)) for words in xml.values())
    reader = fastexcel.read_excel(content)
    return {name: reader.load_sheet(name, header_row=None).to_polars().rows() for name in reader.sheet_names}, formulas


def test_a_workbook_has_real_numbers_and_days_with_limits_and_flags():
    content = workbooks.workbook(document())
    import fastexcel

    sheet = fastexcel.read_excel(content).load_sheet("Seen in four hours RJ1", header_row=3).to_polars()
    assert [moment.date() for moment in sheet["Month"].to_list()] == [point.on for point in POINTS]
    assert sheet["Figure"].to_list() == [
        None if one is None else pytest.approx(one, rel=1e-15) for one in FIGURES
    ]  # a workbook's numbers have sixteen digits
    assert sheet["Upper limit"].to_list() == [90.0] * 4 and sheet["Target"].to_list() == [95.0] * 4
    assert sheet["What stands out"].to_list() == [None, None, "better than usual", "worse than usual"]
    assert sheet["Rules"].to_list() == [None, None, "outside", "outside shift"]


def test_a_workbook_says_what_it_is_about():
    cells, _ = sheets(workbooks.workbook(document()))
    about = {row[0]: row[1] for row in cells["About"]}
    assert about["What is measured"] == "Of all people who came." and about["Source"] == "A published file"
    assert about["Average and limits"] == "XmR"


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_of_a_workbook_is_run(text):
    for content in (
        workbooks.workbook(everything(text)),
        workbooks.table_workbook(text, [text], [[text]], [(text, text)]),
        workbooks.long(
            text, [text], [[text]], {text: {"name": text, "definition": text, "source": text, "method": text}}, date(2026, 1, 1)
        ),
    ):
        cells, formulas = sheets(content)
        assert formulas == 0
        assert plain(text).strip() in {str(cell).strip() for rows in cells.values() for row in rows for cell in row}


def test_a_formula_in_a_workbook_would_be_seen():
    book = workbooks.Book("x")
    book.sheet("Sheet").write_formula(0, 0, "=1+1")
    assert sheets(book.done())[1] == 1


def test_a_chart_without_limits_is_drawn_around_its_median_and_says_so():
    run = tuple(replace(point, upper=None, lower=None) for point in POINTS)
    cells, _ = sheets(workbooks.workbook(document(picture(points=run))))
    assert "Median" in cells["Seen in four hours RJ1"][3] and "Average" not in cells["Seen in four hours RJ1"][3]
    ((_, shape),) = charts_of(slides.deck(document(picture(points=run))))
    assert [series.name for series in shape.chart.plots[0].series][:2] == ["Figure", "Median"]


def test_no_lower_limit_below_nought_is_drawn_where_no_figure_can_lie_there():
    low = tuple(replace(point, lower=-3.0) for point in POINTS)
    ((_, shape),) = charts_of(slides.deck(document(picture(points=low))))
    assert "Lower limit" not in [series.name for series in shape.chart.plots[0].series] and shape.chart.value_axis.minimum_scale == 0
    ((_, shape),) = charts_of(slides.deck(document(picture(points=low, differenced=True))))
    assert "Lower limit" in [series.name for series in shape.chart.plots[0].series]


def test_two_charts_of_the_same_name_get_a_sheet_each():
    cells, _ = sheets(
        workbooks.workbook(
            document(picture(name="[A]: very/long name*?" * 3), picture(name="[A]: very/long name*?" * 3), picture(name="HISTORY", unit=""))
        )
    )
    assert len(cells) == 5


@needs_soffice
def test_another_spreadsheet_program_opens_the_payloads_as_text(tmp_path):
    """LibreOffice writes what it read as flat XML: a formula would stand in table:formula."""
    rows = [[text, 1.5, date(2026, 1, 1)] for text in PAYLOADS]
    flat = converted(workbooks.table_workbook("Payloads", ["Text", "Number", "Day"], rows, []), "xlsx", "fods", tmp_path).decode()
    assert "table:formula" not in flat
    assert "+44 20 7946 0000" in flat and 'office:value="1.5"' in flat and 'office:date-value="2026-01-01' in flat


# ---- Slides ----------------------------------------------------------------------------------------


def charts_of(content):
    return [(slide, shape) for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes if shape.has_chart]


def test_a_slide_holds_the_figures_and_lines_as_a_chart_of_its_own():
    ((_, shape),) = charts_of(slides.deck(document()))
    series = {one.name: list(one.values) for one in shape.chart.plots[0].series}
    assert series["Figure"] == FIGURES
    assert series["Average"] == [85.0] * 4 and series["Lower limit"] == [80.0] * 4 and series["Target"] == [95.0] * 4
    assert len(shape.chart.plots[0].categories) == 4


def test_a_target_that_stepped_steps_on_slides_and_in_workbooks_too():
    steps = (None, 12.0, 12.0, 10.0)
    stepped = document(picture(target=10.0, targets=steps))
    ((_, shape),) = charts_of(slides.deck(stepped))
    assert {one.name: tuple(one.values) for one in shape.chart.plots[0].series}["Target"] == steps
    import fastexcel

    sheet = fastexcel.read_excel(workbooks.workbook(stepped)).load_sheet("Seen in four hours RJ1", header_row=3).to_polars()
    assert tuple(sheet["Target"].to_list()) == steps
    assert keeping.from_json(json.loads(json.dumps(keeping.to_json(stepped)))) == stepped
    ((_, shape),) = charts_of(slides.deck(document(picture(target=10.0, targets=(None,) * 4))))
    assert "Target" not in {one.name for one in shape.chart.plots[0].series}  # it begins after the months shown


def test_what_stands_out_on_a_slide_differs_in_shape_and_colour():
    ((_, shape),) = charts_of(slides.deck(document()))
    looks = {
        one.name: (one.marker.style, str(one.marker.format.fill.fore_color.rgb))
        for one in shape.chart.plots[0].series
        if one.name.endswith("usual")
    }
    values = {one.name: list(one.values) for one in shape.chart.plots[0].series}
    assert values["better than usual"] == [None, None, 95.1, None] and values["worse than usual"] == [None, None, None, 100 / 3]
    (better, blue), (worse, orange) = looks["better than usual"], looks["worse than usual"]
    assert better != worse and blue != orange


def test_every_slide_has_a_title_and_every_chart_words_for_it():
    content = slides.deck(everything("Words"))
    show = Presentation(io.BytesIO(content))
    assert all(slide.shapes.title is not None and slide.shapes.title.text_frame.text for slide in show.slides)
    described = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for _, shape in charts_of(content)]
    assert len(described) == 2 and all("33.3% in April 2026" in words and "Four points & no more." in words for words in described)
    assert show.core_properties.title == "Words" and show.core_properties.language == "en-GB"


def test_notes_of_a_slide_carry_the_words():
    ((slide, _),) = charts_of(slides.deck(document(picture(words="The lights were changed."))))
    assert "The lights were changed." in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("text", PAYLOADS)
def test_slides_take_any_text(text):
    content = slides.deck(everything(text))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))
        books = [archive.read(name) for name in archive.namelist() if name.endswith(".xlsx")]
    assert len(books) == 2 and all(sheets(book)[1] == 0 for book in books)


@needs_soffice
def test_slides_open_and_can_be_shown(tmp_path):
    shown = pypdf.PdfReader(io.BytesIO(converted(slides.deck(everything("Falls at night")), "pptx", "pdf", tmp_path)))
    assert len(shown.pages) == 5  # a title, a chart, words under their heading, a table, a row
    words = shown.pages[1].extract_text()
    assert "Falls at night" in words and "worse than usual" in words and "Apr 2026" in words


# ---- Pages -----------------------------------------------------------------------------------------


def tags(reader):
    """Every structure element, with what it says in place of a picture."""
    waiting, found = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif hasattr(node, "get"):
            found.append((node.get("/S"), node.get("/Alt")))
            waiting += [node["/K"]] if "/K" in node and not isinstance(node["/K"], int) else []
    return found


def test_pages_are_tagged_titled_in_english_and_describe_their_charts():
    reader = pypdf.PdfReader(io.BytesIO(pages.pdf(everything("Falls at night"))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Falls at night"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    found = tags(reader)
    described = [alt for kind, alt in found if kind == "/Figure"]
    assert len(described) == 2 and all("33.3% in April 2026" in alt and "Four points & no more." in alt for alt in described)
    assert {"/H1", "/H2", "/Table", "/TH", "/P"} <= {kind for kind, _ in found}


def test_drawings_stand_in_pages_as_lines_and_not_as_dots():
    reader = pypdf.PdfReader(io.BytesIO(pages.pdf(document())))
    assert [image for page in reader.pages for image in page.images] == []
    assert "86.6%" in reader.pages[0].extract_text()


@pytest.mark.parametrize("text", PAYLOADS)
def test_pages_print_any_text_as_it_stands(text):
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pages.pdf(everything(text)))).pages)
    said = re.sub(r"\W", "", plain(text).replace("🙂", ""))  # a letter that no font here has is printed as "?"
    assert said in re.sub(r"\W", "", words)


def test_a_board_page_lies_on_its_side():
    box = pypdf.PdfReader(io.BytesIO(pages.pdf(replace(everything(), compact=True)))).pages[0].mediabox
    assert box.width > box.height


# ---- Parquet, pictures, names ----------------------------------------------------------------------


def test_parquet_keeps_every_digit_and_says_what_it_holds():
    table = pq.read_table(io.BytesIO(columns.parquet([picture()])))
    assert table["value"].to_pylist() == FIGURES and table["period"].to_pylist() == [point.on for point in POINTS]
    assert table["mark"].to_pylist() == ["", "", "better", "worse"] and table["rules_broken"].to_pylist()[3] == "outside shift"
    about = json.loads(table.schema.metadata[b"espalier"])
    assert about["ae"]["definition"] == "Of all people who came." and about["ae"]["target"] == 95.0


def test_parquet_of_several_parts_is_one():
    whole = columns.joined([columns.parquet([picture(unit="A")]), columns.parquet([picture(unit="B", measure="other")])])
    assert whole.num_rows == 8 and set(whole["place"].to_pylist()) == {"A", "B"} and set(columns.about_of(whole)) == {"ae", "other"}
    assert next(iter(columns.rows_of(whole)))[7] == 86.6


def test_a_picture_is_twice_as_wide_as_the_drawing_and_stands_on_white():
    content = images.png(picture().svg)
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(content[16:20]) == 1440 and int.from_bytes(content[20:24]) == 660


def test_text_of_a_picture_is_drawn_even_where_arial_is_missing():
    with_words = images.png(picture().svg)
    without = images.png(re.sub(r"<text.*?</text>", "", picture().svg))
    assert with_words != without


@pytest.mark.parametrize("text", PAYLOADS)
def test_what_is_kept_opens_the_same(text):
    whole = everything(text)
    assert keeping.from_json(json.loads(json.dumps(keeping.to_json(whole)))) == whole


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "pptx", "xlsx", "parquet"])
def test_every_kind_is_made(kind):
    assert len(made(kind, document())) > 200


@pytest.mark.parametrize("kind", ["doc", "", "../x", "html"])
def test_other_kinds_are_not_found(kind):
    with pytest.raises(NotFoundHere):
        made(kind, document())


@pytest.mark.parametrize("kind", ["pdf", "pptx", "xlsx", "parquet"])
def test_a_document_without_charts_is_a_file_too(kind):
    assert made(kind, Document("", "", date(2026, 1, 1)))


def test_names_of_files_hold_nothing_strange():
    assert file_name("../../etc/passwd\r\nX: 1") == "etc-passwd-x-1"
