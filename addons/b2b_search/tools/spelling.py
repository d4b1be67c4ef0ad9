# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Misspelt words by the deletes of SymSpell (Wolf Garbe, 2012).

Of each word of the dictionary, all forms with up to two letters left out are kept; a
misspelt word shares one of its own such forms with the word that was meant. Only the
first letters take part, so that long words have few forms.
"""

import math

PREFIX = 7
# Shorter words have too many neighbours.
MIN_LENGTH = 4
# From this length on, two letters may be wrong.
LONG = 6


def get_max_distance(word):
    """How many letters of a word may be wrong."""
    return 2 if len(word) >= LONG else 1


def get_deletes(word):
    """Forms of the first letters of a word with letters left out, itself among them.

    :return: set of texts
    """
    forms = {word[:PREFIX]}
    edge = forms
    for _round in range(get_max_distance(word)):
        edge = {
            form[:index] + form[index + 1 :]
            for form in edge
            for index in range(len(form))
            if len(form) > 1
        }
        forms = forms | edge
    return forms


def get_distance(one, other, limit):
    """Letters to leave out, put in, change or swap with the next one.

    The restricted Damerau-Levenshtein distance.

    :return: number; above ``limit`` it may be any number above it
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before, last = None, list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != another))
            if before and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]


def rank(word, candidates, limit):
    """Words that may be meant, the best one first.

    :param candidates: pairs of (word of the dictionary, in how many goods it is)
    :return: list of (cost, word), those within the limit
    """
    found = []
    for candidate, frequency in candidates:
        distance = get_distance(word, candidate, limit)
        if 0 < distance <= limit:
            cost = distance + 0.6 * (word[0] != candidate[0])
            found.append((cost - 0.12 * math.log(1 + frequency), candidate))
    return sorted(found)
