"""The Luck page: a folder for each chapter, and beside them what chapters share.

In a chapter's folder ``chapter.py`` draws it, ``digest.py`` says what is computed and kept,
``figures.py`` (in odds ``fan``, ``bars`` and ``times``) turns that into charts and ``words.py``
into sentences; ``cached.py`` keeps what took time.
"""
