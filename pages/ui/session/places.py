"""The pages of the app, by their files, in the order of the header. Pure."""

PAGES = {
    "app.py": "Playground",
    "pages/5_Language.py": "Language",
    "pages/6_Images.py": "Images",
    "pages/1_Phase_diagram.py": "Phase diagram",
    "pages/2_Geometry.py": "Geometry",
    "pages/3_Luck.py": "Luck",
    "pages/4_Theory.py": "Theory",
    "pages/7_Lessons.py": "Lessons",
    "pages/8_Glossary.py": "Glossary",
}


def path_of(name: str) -> str:
    """Return the file of the page that the header calls ``name``.

    Raises
    ------
    KeyError
        If there is none.
    """
    return {page: path for path, page in PAGES.items()}[name]
