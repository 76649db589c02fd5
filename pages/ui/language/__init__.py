"""The page "Language": a language model that eats its own text, beside the exact theory of it.

`runs` makes what is shown of a run (`passages` marks what is repeated, `classes` names a state),
`stepped` and `cached` advance and keep it, `words` says it, `figures` packs it; `page` lays out.
"""
