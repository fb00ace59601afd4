"""Numbers of the published figures that can be checked, by park and kind, as the list of the white
paper's claims has them."""

from __future__ import annotations

IDS: dict[str, dict[str, tuple[int, ...]]] = {
    "blue-economy-fuqing": {
        "simulate": (),
        "arithmetic": (),
        "input": (1, 2, 3),
    },
    "catl-yibin": {
        "simulate": (8, 15, 16, 17, 18, 19, 25, 30, 40),
        "arithmetic": (3, 9, 10, 11, 21, 24, 26, 27, 31, 32, 35, 38, 41),
        "input": (1, 2, 7, 12, 13, 14, 28, 29, 33),
    },
    "dasheng-nantong": {
        "simulate": (5, 8, 12, 13, 15, 16, 18, 19, 20, 23, 27),
        "arithmetic": (2, 3, 6, 9, 10, 24, 25, 26, 29),
        "input": (4, 7, 11, 14, 17),
    },
    "euref-berlin": {
        "simulate": (1, 9, 10, 13, 15, 20),
        "arithmetic": (19,),
        "input": (3, 4, 5, 6, 11, 14, 17, 18),
    },
    "geely-xian": {
        "simulate": (3, 4, 8, 11),
        "arithmetic": (5, 7, 10),
        "input": (2,),
    },
    "haier-qingdao": {
        "simulate": (8, 10, 13, 19, 29, 33, 36, 37, 42),
        "arithmetic": (3, 9, 14, 20, 24, 30, 38, 39, 43, 44, 46, 47),
        "input": (1, 2, 4, 6, 7, 11, 12, 15, 16, 17, 26, 34, 35, 40, 41),
    },
    "jurong": {
        "simulate": (5, 8),
        "arithmetic": (4,),
        "input": (2, 3, 6, 7, 9, 10, 11),
    },
    "ordos": {
        "simulate": (1, 6, 10, 11, 12, 13, 14, 15, 16, 19, 22, 23, 91),
        "arithmetic": (21,),
        "input": (4, 7, 8, 9),
    },
    "qaidam": {
        "simulate": (1, 2, 6),
        "arithmetic": (3, 4),
        "input": (5,),
    },
    "zurich-datacentre": {
        "simulate": (3, 4, 5),
        "arithmetic": (),
        "input": (1, 2),
    },
    "kalundborg": {
        "simulate": (5, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25),
        "arithmetic": (26, 27),
        "input": (6, 7, 8, 9, 12, 28),
    },
    "suzhou": {
        "simulate": (1, 5, 13, 14, 30, 44, 50, 51, 52, 53, 59, 66, 67),
        "arithmetic": (15, 33, 56, 57, 58, 60, 68),
        "input": (
            2,
            3,
            6,
            7,
            8,
            9,
            10,
            11,
            12,
            16,
            17,
            18,
            19,
            20,
            21,
            22,
            27,
            28,
            29,
            31,
            32,
            34,
            35,
            36,
            37,
            38,
            39,
            40,
            42,
            43,
            48,
            49,
            61,
        ),
    },
}
