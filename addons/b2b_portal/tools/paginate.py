# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Breaking the table of a printed paper into pages.

The PDF engine that Debian ships neither repeats table heads nor keeps a row in
one piece, so the breaks are set before it sees the table.
"""


def paginate(heights, first, page, closing, keep=2):
    """Share rows out to pages.

    All lengths are in one unit, such as millimetres.

    :param list heights: height of each row
    :param first: room for rows on the first page, above its lower margin
    :param page: room for rows on every other page
    :param closing: height of what follows the last row and must stay in one piece
    :param int keep: rows that the closing part takes along to a new page
    :return: list of (start, end), one per page; at least one
    """
    pages, start, left = [], 0, first
    for index, height in enumerate(heights):
        if height > left and index > start:
            pages.append((start, index))
            start, left = index, page
        left -= height
    end = len(heights)
    if closing > left and end:
        # signatures never stand alone on a page
        split = max(start, end - keep)
        if split > start:
            pages.append((start, split))
            start = split
    pages.append((start, end))
    return pages
