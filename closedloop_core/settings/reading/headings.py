"""Words that name a column of labels, of counts, of shares or of numbered lines, in many languages.

They decide only where the contents do not: which of several columns is meant.
"""

import re
import unicodedata

LABEL, COUNT, SHARE, INDEX = "label", "count", "share", "index"

_WORDS = {
    LABEL: """
        word words label labels name names token tokens term terms type types item items species
        taxon surname surnames lemma form text outcome category key value colour color emoji
        symbol letter character lastname firstname
        wort wörter begriff nachname familienname vorname art bezeichnung farbe zeichen
        mot mots étiquette nom noms prénom espèce couleur
        palabra palabras etiqueta nombre nombres apellido especie color
        parola parole etichetta nome nomi cognome specie colore
        palavra palavras rótulo sobrenome espécie cor
        woord woorden naam achternaam soort kleur ord navn namn art
        слово слова имя фамилия вид название słowo słowa nazwa nazwisko gatunek kolor
        slovo jméno příjmení druh kelime isim soyadı renk λέξη όνομα sana nimi szó név
        単語 語 名前 名字 词 词语 單詞 姓 姓氏 名称 단어 이름 성씨 كلمة اسم מילה שם शब्द नाम
    """,
    COUNT: """
        count counts freq freqs frequency frequencies n number numbers total totals occurrences
        abundance weight weights quantity amount tally hits observations individuals cnt num
        anzahl häufigkeit häufigkeiten menge zahl gewicht vorkommen summe treffer
        nombre fréquence effectif effectifs quantité occurrence poids
        cuenta cuentas frecuencia cantidad recuento conteo peso
        conteggio frequenza quantità numero conto
        contagem frequência quantidade número aantal frequentie hoeveelheid antal frekvens
        количество частота число сколько liczba ilość częstość częstotliwość
        počet četnost sayı adet sıklık αριθμός συχνότητα määrä lukumäärä szám gyakoriság
        回数 頻度 件数 数 个数 次数 频率 频数 数量 개수 빈도 횟수 عدد تكرار מספר שכיחות संख्या
    """,
    SHARE: """
        share shares percent percentage pct proportion probability prob p relative fraction %
        anteil anteile prozent wahrscheinlichkeit part pourcentage proportion probabilité
        porcentaje proporción probabilidad cuota percentuale quota proporzione probabilità
        porcentagem proporção percentagem aandeel procent доля процент udział procenty podíl
        割合 比例 百分比 비율 नسبة
    """,
    INDEX: """
        index idx id rank ranking row no nr num. no. nr. # pos position line
        rang platz nummer zeile numéro ligne puesto posición fila posizione riga posição linha
        rij место ранг номер pozycja miejsce lp lp. pořadí sıra 順位 番号 排名 序号 순위 번호
    """,
}
WORDS = {kind: frozenset(text.split()) for kind, text in _WORDS.items()}
_PARTS = re.compile(r"[^\w%#]+|_")


def named_as(heading: str, kind: str) -> int:
    """Return how well a heading names a kind of column: 2 (it is that word), 1 (holds it) or 0."""
    plain = unicodedata.normalize("NFC", heading).casefold().strip()
    if plain in WORDS[kind]:
        return 2
    return int(any(part in WORDS[kind] for part in _PARTS.split(plain)))
