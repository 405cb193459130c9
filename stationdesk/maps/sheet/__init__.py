"""The printed hand-out 社区资源图: plain values in, static pages of HTML and SVG out.

`compose` lays a `SheetSpec` out and returns the pages; `check` proves the spec before and the PDF after
printing. Paper is always Chinese. All lengths are millimetres on paper unless a name says otherwise.
"""
