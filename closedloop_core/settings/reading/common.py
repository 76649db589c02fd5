"""The most common words of eight languages: articles, pronouns, prepositions, auxiliaries.

Small on purpose: what a frequency list of any text of the language has at its top. Ours; used only
where it is asked for (`Reading.drop_common`). The languages are `options.COMMON_LANGUAGES`.
"""

_WORDS = {
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber doch denn als wie
        wenn dass daß ob weil in im an am auf aus bei beim mit nach von vom vor zu zum zur über
        unter um für durch gegen ohne bis ich du er sie es wir ihr mich mir dich dir ihm ihn ihnen
        uns sich man mein meine sein seine seinen seiner seinem ihre ihren ihrer ihrem dieser diese
        dieses was wer wo da so nicht kein keine nur noch schon auch nun dann hier sehr ist sind
        war waren bin bist wird werden wurde hat haben hatte hatten kann können
    """,
    "en": """
        the a an and or but nor if than that this these those as at by for from in into of off on
        onto out over to up with about after before between through under i you he she it we they
        me him her us them my your his its our their who whom which what when where how there
        here not no so then too very just only be is are was were am been being have has had do
        does did will would shall should can could may might must all any some such one other
    """,
    "es": """
        el la los las lo un una unos unas y e o u pero ni que si como cuando donde quien cual de
        del a al en con por para sin sobre entre hasta desde yo tú él ella ello nosotros ellos
        ellas usted me te se nos le les mi mis tu tus su sus este esta esto estos estas ese esa
        eso aquel aquella no sí muy más ya también es son era eran fue ser está están estaba ha
        han había hay he sido todo toda todos todas porque
    """,
    "fr": """
        le la les l un une des du de d et ou mais ni car donc que qu qui quoi dont où si comme
        quand à au aux en dans par pour sur sous avec sans entre vers chez je j tu il elle on nous
        vous ils elles me m te t se s lui leur leurs y mon ma mes ton ta tes son sa ses notre
        votre ce c cet cette ces cela ça ne n pas plus non très bien aussi est sont était étaient
        être été a ont avait avaient ai fut c'est qu'il qu'elle n'est d'un d'une tout tous toute
    """,
    "it": """
        il lo la i gli le l un uno una e ed o ma né che se come quando dove chi cui di del dello
        della dei degli delle a al allo alla ai agli alle da dal dalla dai in nel nella nei nelle
        con su sul sulla per tra fra io tu egli lui lei noi voi loro mi ti si ci vi ne lo gli mio
        mia suo sua suoi sue questo questa questi quello quella non più anche già è sono era erano
        essere stato ha hanno aveva avevano ho fu c'è tutto tutti perché
    """,
    "nl": """
        de het een en of maar want dat die dit deze als dan toen wanneer waar wie wat hoe in op aan
        van voor met door bij naar uit over om te tot onder tegen tussen zonder ik jij je hij zij
        ze wij we jullie u mij me jou hem haar ons hen hun zich mijn zijn niet geen ook nog wel
        al er hier daar zo nu is ben bent was waren worden wordt werd heeft hebben had hadden heb
        kan kunnen zou zal men
    """,
    "pt": """
        o a os as um uma uns umas e ou mas nem que se como quando onde quem qual de do da dos das
        em no na nos nas ao à aos às por pelo pela para com sem sobre entre até desde eu tu ele
        ela nós eles elas você me te lhe lhes meu minha seu sua seus suas este esta isto esse essa
        isso aquele aquela não sim mais muito já também é são era eram foi ser está estava tem
        têm tinha há havia todo toda todos porque
    """,
    "ru": """
        и в во не что он на я с со как а то все она так его но да ты к ко у же вы за бы по только
        ее её мне было вот от меня еще ещё нет о об из ему теперь когда даже ну ли если уже или
        ни быть был него до вас они тут где есть для мы тебя их чем была сам без чего раз тоже
        себе под будет кто этот того потому этого какой им этом при через это эта эти чтобы были
    """,
}
_READ = {language: frozenset(text.split()) for language, text in _WORDS.items()}


def common_words(language: str) -> frozenset[str]:
    """Return the most common words of a language, in lower case and composed."""
    return _READ[language]
