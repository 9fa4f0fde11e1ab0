"""Pack the published files into content/data, so that the product carries its own open data.

Usage: python tools/pack_open_data.py SOURCE_DIR [CONTENT_DIR]

Run it only when a published file is replaced. Cells stay text exactly as published (codes keep their zeros, dates keep
their form): the same parser then reads the packed copy and a newer published file. Columns that nothing uses, such as
telephone numbers and security status, are left out; docs/reference/open-data.md lists what was kept.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import fastexcel
import polars as pl

# The headerless ODS layout, by position: what it is called in our copy.
ODS_COLUMNS = {
    0: "code",
    1: "name",
    2: "region",
    3: "system",
    9: "postcode",
    10: "opened",
    11: "closed",
    12: "status",
    14: "parent",
}
ORGANISATION_COLUMNS = [
    "Code",
    "Name",
    "Postcode",
    "Start",
    "Close",
    "Sector",
    "STP20CDH",
    "STP20NM",
    "NHSER20CDH",
    "NHSER20NM",
    "STPCDH",
    "Successor.Code",
]
PRACTICE_COLUMNS = [
    "EXTRACT_DATE",
    "PRACTICE_CODE",
    "PRACTICE_NAME",
    "PRACTICE_POSTCODE",
    "PCN_CODE",
    "PCN_NAME",
    "CCG_CODE",
    "CCG_NAME",
    "STP_CODE",
    "STP_NAME",
    "COMM_REGION_CODE",
    "COMM_REGION_NAME",
]


def ods_without_header(source: Path) -> pl.DataFrame:
    """Name the columns of a headerless ODS file, keeping those in use."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return pl.DataFrame({name: [row[at] for row in rows] for at, name in ODS_COLUMNS.items()})


def with_header(source: Path, columns: list[str]) -> pl.DataFrame:
    """Keep some columns of a CSV file as text."""
    return pl.read_csv(source, infer_schema_length=0, columns=columns).select(columns).fill_null("")


def sheet(source: Path, name: str) -> pl.DataFrame:
    """Keep one sheet of a workbook as it stands, title and notes included, columns named A, B, C by position."""
    book = fastexcel.read_excel(source)
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars().fill_null("")
    return frame.rename({old: f"c{at:03d}" for at, old in enumerate(frame.columns)})


def main(source: Path, target: Path) -> None:
    """Write every packed file and print what it weighs."""
    target.mkdir(parents=True, exist_ok=True)
    sickness = source / "workforce" / "nhs_sickness_absence_jan2023.xlsx"
    frames = {
        "ae_attendances_2016_2019": with_header(
            source / "ae" / "ae_attendances_2016_2019.csv",
            ["period", "org_code", "type", "attendances", "breaches", "admissions"],
        ).sort("org_code", "type", "period"),
        "trusts_2021": ods_without_header(source / "places" / "trusts_2021.csv"),
        "trusts_2025": ods_without_header(source / "places" / "trusts_2025.csv"),
        "organisations_2022": with_header(source / "places" / "organisations_2022.csv", ORGANISATION_COLUMNS),
        "practices_2022": with_header(source / "places" / "practices_2022.csv", PRACTICE_COLUMNS),
        "sickness_2023_table_1": sheet(sickness, "Table 1"),
        "sickness_2023_table_4": sheet(sickness, "Table 4"),
    }
    for name, frame in frames.items():
        path = target / f"{name}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        print(f"{path.name:36} {frame.height:6} rows {path.stat().st_size / 1000:8.0f} kB")
    print(f"{'together':36} {'':11} {sum(f.stat().st_size for f in target.glob('*.parquet')) / 1000:8.0f} kB")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else here / "content" / "data")
