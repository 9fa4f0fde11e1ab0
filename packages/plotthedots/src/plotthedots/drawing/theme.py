"""How charts look: a small style sheet for pages, and the same colours as attributes for files."""

from __future__ import annotations

from typing import Final

from plotthedots.codes import Variation

INK: Final = "#212b32"
QUIET: Final = "#5b6b78"
FAINT: Final = "#e3e8eb"
BAND: Final = "#eef2f5"
DOT: Final = "#7c8a96"
# Contrast with white at least 4.5 to 1 each, and apart from each other for every kind of
# colour blindness; shape carries the meaning, colour only helps.
PAINTS: Final[dict[int, str]] = {
    Variation.IMPROVEMENT: ' fill="#005eb8"',
    Variation.CONCERN: ' fill="#b84a00"',
    Variation.HIGH: ' fill="#6a3d9a"',
    Variation.LOW: ' fill="#6a3d9a"',
    Variation.SPECIAL: ' fill="#6a3d9a"',
}

CSS: Final = """\
.ptd{--ptd-ink:#212b32;--ptd-quiet:#5b6b78;--ptd-faint:#e3e8eb;--ptd-band:#eef2f5;--ptd-dot:#7c8a96;\
--ptd-paper:#fff;--ptd-blue:#005eb8;--ptd-orange:#b84a00;--ptd-purple:#6a3d9a;display:block;font-family:inherit;height:auto;max-width:100%}
@supports(color:light-dark(red,red)){.ptd{--ptd-ink:light-dark(#212b32,#f0f4f5);--ptd-quiet:light-dark(#5b6b78,#aeb7bd);\
--ptd-faint:light-dark(#e3e8eb,#343c41);--ptd-band:light-dark(#eef2f5,#2a3237);--ptd-dot:light-dark(#7c8a96,#98a4ae);\
--ptd-paper:light-dark(#fff,#1b2125);--ptd-blue:light-dark(#005eb8,#6cb4ff);--ptd-orange:light-dark(#b84a00,#ff9f5a);\
--ptd-purple:light-dark(#6a3d9a,#c9a6f0)}}
.ptd-full{width:100%;min-width:35rem}
.ptd-spark{width:100%}
.ptd-icon{width:2.5rem}
.ptd text{fill:var(--ptd-quiet)}
.ptd .ptd-words{fill:var(--ptd-ink)}
.ptd-band{fill:var(--ptd-band)}
.ptd-grid{stroke:var(--ptd-faint)}
.ptd-limit,.ptd-centre,.ptd-note{stroke:var(--ptd-quiet)}
.ptd-target{stroke:var(--ptd-ink)}
.ptd-line,.ptd-dot,.ptd-gap{stroke:var(--ptd-dot)}
.ptd-better{fill:var(--ptd-blue)}
.ptd-worse{fill:var(--ptd-orange)}
.ptd-higher,.ptd-lower,.ptd-other{fill:var(--ptd-purple)}
.ptd-hole{stroke:var(--ptd-paper)}
.ptd-halo>path{stroke:var(--ptd-paper)}
@media print{.ptd{color-scheme:light;print-color-adjust:exact;-webkit-print-color-adjust:exact;break-inside:avoid}}
@media (forced-colors:active){.ptd{forced-color-adjust:none;--ptd-ink:CanvasText;--ptd-quiet:CanvasText;\
--ptd-faint:Canvas;--ptd-band:Canvas;--ptd-dot:GrayText;--ptd-paper:Canvas;--ptd-blue:LinkText;--ptd-orange:CanvasText;--ptd-purple:CanvasText}}
"""
