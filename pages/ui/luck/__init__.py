"""The chapters of the Luck page: each module draws one, from `draw` down.

What a chapter computes is cached in `pages.ui.cached`; its figures are pure modules of their own
(``*_figures``: result in, figure out).
"""
