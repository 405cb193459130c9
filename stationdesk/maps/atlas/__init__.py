"""The printed book of maps 地图册: plain values in, static pages out, and the order in which a booklet is folded.

`plots` says which part of the ground each page shows, `compose` lays the pages out by the engine of the hand-out
(`maps.sheet`) and adds cover, contents, overview, indexes and guides; `check` reads the file back.
"""
