from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# The columns whose words are found, the weightiest first.
WORDS = {
    "boards": ("title", "description"),
    "columns": ("title",),
    "tasks": ("title", "description"),
    "subtasks": ("title",),
    "comments": ("content",),
}
# As they stand, and by their stems; `russian` takes words of Latin letters for English ones.
LANGUAGES = ("simple", "russian")
# Left in, they make addresses, paths, tags and signed numbers of words, some of which take half a
# second to parse; PostgreSQL takes all other punctuation for blanks by itself.
PUNCTUATION = "&+-./<@_~"
# Those by whose beginning a record is found.
NAMES = {"users": "username", "labels": "name"}
# Those that are sorted and filtered by the order of their values.
ENUMS = {
    "priority": ("LOW", "MEDIUM", "HIGH"),
    "status": ("TODO", "IN_PROGRESS", "DONE", "REJECT"),
}
# Tasks of one status are seldom those of one time: the oldest that are still to do, or the latest
# that were rejected, would be looked for among all others.
ENUM_INDEXES = (
    "priority id",
    "status id",
    "status priority id",
    "status due_date id",
    "status created_at id",
    "status updated_at id",
)


def text(column: str) -> str:
    return f"""translate(coalesce("{column}", ''), '{PUNCTUATION}', repeat(' ', 9))"""


def words(table: str) -> str:
    """Words and stems, each with its places and the weight of its column.

    Between the vectors is a gap, so that no words in quotes are found across.
    """
    gap = " || '|:200'::tsvector || "
    vectors = [
        f"setweight(to_tsvector('{language}', {text(column)}), '{weight}')"
        for column, weight in zip(WORDS[table], "AB")
        for language in LANGUAGES
    ]
    return f"""
        ALTER TABLE "{table}" ADD "words" TSVECTOR GENERATED ALWAYS AS (
            ts_delete({gap.join(vectors)}, '|')
        ) STORED;
        CREATE INDEX "{table}_words_idx" ON "{table}" USING gin ("words");"""


def names(table: str) -> str:
    column = NAMES[table]
    return f"""
        CREATE INDEX "{table}_{column}_key_idx"
            ON "{table}" ((lower(normalize("{column}", NFKC)) COLLATE "C"), "id");"""


def place(column: str) -> str:
    """As api/filters.py puts it."""
    cases = " ".join(f"WHEN '{value}' THEN {n}" for n, value in enumerate(ENUMS[column]))
    return f"""(CASE "{column}" {cases} END)"""


def enums(columns: str) -> str:
    places = [place(name) if name in ENUMS else f'"{name}"' for name in columns.split()]
    name = "_".join(columns.split())
    return f"""
        CREATE INDEX "tasks_{name}_idx" ON "tasks" ({", ".join(places)});"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX IF NOT EXISTS "boards_updated_at_id_idx" ON "boards" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "boards_title_id_idx" ON "boards" ("title", "id");
        CREATE INDEX IF NOT EXISTS "boards_created_at_id_idx" ON "boards" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "columns_created_at_id_idx" ON "columns" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "columns_title_id_idx" ON "columns" ("title", "id");
        CREATE INDEX IF NOT EXISTS "columns_updated_at_id_idx" ON "columns" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "comments_updated_at_id_idx" ON "comments" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "comments_created_at_id_idx" ON "comments" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "labels_name_id_idx" ON "labels" ("name", "id");
        CREATE INDEX IF NOT EXISTS "labels_updated_at_id_idx" ON "labels" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "labels_created_at_id_idx" ON "labels" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "subtasks_created_at_id_idx" ON "subtasks" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "subtasks_updated_at_id_idx" ON "subtasks" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "tasks_updated_at_id_idx" ON "tasks" ("updated_at", "id");
        CREATE INDEX IF NOT EXISTS "tasks_due_date_id_idx" ON "tasks" ("due_date", "id");
        CREATE INDEX IF NOT EXISTS "tasks_title_id_idx" ON "tasks" ("title", "id");
        CREATE INDEX IF NOT EXISTS "tasks_created_at_id_idx" ON "tasks" ("created_at", "id");
        CREATE INDEX IF NOT EXISTS "users_registered_at_id_idx" ON "users" ("registered_at", "id");
        """ + "".join([*map(words, WORDS), *map(names, NAMES), *map(enums, ENUM_INDEXES)])


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX "tasks_status_updated_at_id_idx";
        DROP INDEX "tasks_status_created_at_id_idx";
        DROP INDEX "tasks_status_due_date_id_idx";
        DROP INDEX "tasks_status_priority_id_idx";
        DROP INDEX "tasks_status_id_idx";
        DROP INDEX "tasks_priority_id_idx";
        DROP INDEX "labels_name_key_idx";
        DROP INDEX "users_username_key_idx";
        ALTER TABLE "comments" DROP COLUMN "words";
        ALTER TABLE "subtasks" DROP COLUMN "words";
        ALTER TABLE "tasks" DROP COLUMN "words";
        ALTER TABLE "columns" DROP COLUMN "words";
        ALTER TABLE "boards" DROP COLUMN "words";
        DROP INDEX IF EXISTS "users_registered_at_id_idx";
        DROP INDEX IF EXISTS "tasks_created_at_id_idx";
        DROP INDEX IF EXISTS "tasks_title_id_idx";
        DROP INDEX IF EXISTS "tasks_due_date_id_idx";
        DROP INDEX IF EXISTS "tasks_updated_at_id_idx";
        DROP INDEX IF EXISTS "subtasks_updated_at_id_idx";
        DROP INDEX IF EXISTS "subtasks_created_at_id_idx";
        DROP INDEX IF EXISTS "labels_created_at_id_idx";
        DROP INDEX IF EXISTS "labels_updated_at_id_idx";
        DROP INDEX IF EXISTS "labels_name_id_idx";
        DROP INDEX IF EXISTS "comments_created_at_id_idx";
        DROP INDEX IF EXISTS "comments_updated_at_id_idx";
        DROP INDEX IF EXISTS "columns_updated_at_id_idx";
        DROP INDEX IF EXISTS "columns_title_id_idx";
        DROP INDEX IF EXISTS "columns_created_at_id_idx";
        DROP INDEX IF EXISTS "boards_created_at_id_idx";
        DROP INDEX IF EXISTS "boards_title_id_idx";
        DROP INDEX IF EXISTS "boards_updated_at_id_idx";"""


MODELS_STATE = (
    "eJztXQtzE7cW/isa05lCa0LCI1Do9NZAaHMbkg6Y0inJ3che2d5mH+5Kxngo//2eo32/nF"
    "3b66wXdTrB1upI6+/occ6nI+lzx3J0ZvK93tToO1fM7jwlnzs2tRh8yDzrkg6dTqMnmCDo"
    "wJSZ6dTQBGaTyXTAhUuHAp6MqMkZJOmMD11jKgwHa+n0yBVbkMGCzCfGcEIo8Z4SEOJk5L"
    "iQMuPM3SPH8J2zocsEMTi5sp25jWIGJE8onxDHNhd7WKfuDKFSwx7XU/zMNv6ZMfiNYyYm"
    "zIVKPlxAsmHr7BPj+PVzZ2QwU5efO1i6ZugoCX8xJ/s0dRnn8Pt5IBwgHYGn+XLe/58kxI"
    "upzNSRZQCs8ssXlJ9eabLKhNq8SmW6Fsi+e3f88pXMiUANtKFjziw7yj1diIljh9lnM0Pf"
    "Qxl8NmY2c6lgekyZ9sw0fc0HSR4+kCDcGQuB0aMEnY3ozMQm0flxNLOH2BII1qTNhAHtbO"
    "hYUyr2MOXxT/57xmQ07fSsr7096mtaJ9Oc8H1STcBPGgLcgJlhC0T98xev3AgdmdrBCl78"
    "2ntz+8HhHYmHw8XYlQ8ldp0vUpAKqkU6jiCX/2ZA74O2MngHWVOIwzuugnWQEIEddbcAuQ"
    "CbGtDsWPSTZjJ7LCbw9f6jR5DFMuwo6QB/KRWCufLH/+/D/87PP+3vX3yHH7j8DH+ePDo/"
    "n43YaHQRPv8m+1adAyIcrIQMJxQHF+byLrEd6NSmSZwRgW5pkYFJ7as9r69Qa2p6XbNzao"
    "wnwlwQ6ISOKzoXS9rBH703silATbItOFCXN8ad+o/ue8+wTURtQPZfDceMbEt4AS+c3/2S"
    "UptpFNd3wK01icOHJYA+fFiIMz5KwsyHDpaRgbjnunSRj3EkksLXNLjYwV63BNL+0Z/9Dx"
    "cpyGBywx+nUZGF7SU8EYbF8pFLSqbQ033RveDDDkLZgR+on8EU7/eSZdAevz562++9/h2r"
    "szj/x5T49fpH+OS+TF2kUm8fplp2WAh5f9z/leBX8tfZ6VF6zgnz9f/q4DvRmXA0sE00qs"
    "c6dJAaoJbQukm5QGtiFb2nZTegef+Vm6L4HVF0gMlSTcOcZkBxK+g5KdnC/t0mNcc8irLG"
    "fUxkkxZ+c5V6jQ2PPtPoKteER6iy0L5yXGaM7d+YZ1ocw3tQe5hnwPvO8ju/mN2ENEqNRm"
    "yXzkMnM96g4LfDL2bCM3B7b1/0Xh55XumADq/m1NW1BNT4xLnvpFLCvNlH1n0rnUJtOpbg"
    "4K/Ad/ZRf+5AEZ0c7sJ70F1GXAwwSznSohjOiuSAMITJylED3utpUuJ6UgDHi1g9SfutdG"
    "WRWOUaZ1N9lRojMUV8NG3Q7C4hPpRrUQh4i12LZCevovWkpNJ6U7SeY4D6bx9p/SNzcQjP"
    "qvyP6EFC2TGBlKbRwKhJtwd1KTZFRv7qzIkzEsxG2pG4bOi4OplTTuauISAZ3oRQQUaGy0"
    "WXUFsnjs2IBfYkmRtiQhgdwh/dEMhc4mqDM7e91YjLoz4dX+JqhJjAH8Mm/8wcwXiG1DxY"
    "xmIen/ZTNJBnra3Sa5OSigxoTifNjs2haVliLSLMqxYjtroY8Z4NuCEYMSlYg5M6FiPiL1"
    "uuLaQkVmoRDevWyQZxsA//FbWAbzI6OoLZCzCA8kGVMJBbMy7IgBEdh/EBG+FAjiO/HOBR"
    "4a/pYq+UKuWLFCrTf5pUp8G16WxgGsMchsKk46xvE8+fUuXAccy6enfg8NShTHw+jFeS7I"
    "/vJ9LzJgz1Rrgxtpl+F+ZOZCyIRRcEDTOpMelyZjollrpMe8/Pzk4Sc8Dz435Kh+9ePz8C"
    "9UrVQibDo0ayEzHoycnhmnK7ZZi3fR3ycaoz3vqwf/cHenfUu/vq4vPhl7xBt0cQj5lLwM"
    "66vOW64/FgcJkdX2/dHz3Zh59Xpjc+LuyJj+/kMYbFBFeMfGLWAOaDiTHNWah87gu/+u0N"
    "M2nBeBunr1pGKaa7AjT0NVF64fWWlkJk2B8NIRFYE6bjsKC2QgUv77O7q6N0gmW0CaDaeX"
    "c5PhVx78HgdQ3/LsPeSkcORuPrUz++T87yEwfe2U9wHZOBx+1/86Z8cgyPBQP7HM0A8NdB"
    "Bgy3vx3DBmTzYgjrqyhnweBDuAYlS+lcLFtB8FArG18Yw1gLJDdMtB/bogLPnkMA+bZKcw"
    "ObxvgKd+8fPHz88MmDw4dPIIt8zTDlcQk6pphKx4aUhRUjx47smZVZfkxgHMg22Y8HCx3c"
    "KOwQXq+SRrnuZLpdKV/usIyflaZhYk7WYdrDivensitIcRm1vJ4CVEUr1BmtMAjWtdcMVw"
    "jXx3cT1GvjFeJdND9gId1mNwBqyxy2NKZrxIBEUFOOFI3FsO617PU+5Vc9WRjbxfXCGzHb"
    "XwRDbsZmj1zpYoM95rNvL2Im7MjXWLr+y8Wt3ArRKxXicoKKthOYE9S2xcicoEoVmqNCc1"
    "SQRhPWf1VozteodRWao0JzVGjO7nVSFZqzi6E5xzaZug5qndcRlwNNysgPyvk99iTREuIi"
    "2xurayfSMRQnRZ93yXVBHn0Yz+VbE2o59lgOztwYmFAdqHjkOhaWi4O4MxNkTKd8j7xlto"
    "5RPDjGT2eCxycF9DyZnAH4xBj5zxxM5c+IF+izcGwvbASKIRajNg++ZRrPfrVBX4WB7E4Y"
    "iFoqUNz2lkHdALddhogVlF9tgIJtEc41U68Wkt6dXO7Ve9RdTr5aIWm+xf2KoOHSwQbBK2"
    "q+VHWm0l9gKFtPdGRSrQysX9tWKdjgFyoOVnGwio1rgKOvONivUeuKg20/Bws/SPjmVymH"
    "PMzdQoYu2CtVjqMr5OAO9rtQToyGy/roJ45zxcnYcXQUgMGtri1UMRO2rAkUE1E+e1PC+x"
    "rGZdXCgAjfoV6TAGmZX95N8R+x7tm00L5mNtKVI/ugfnL67uTkpo53iu1cyuFNkvuaiqmT"
    "1EaqMhtNTMO+ig6Rnk8c3F2K50KDSSK3c3BCwz0fuHyAp7lWO6a6jipWja3rliElYjBW2E"
    "uSYkJkIaVYnnh1kZTiQBo1l3WXcCCt39fSw61g3taWheyxDdnSog6kzoF58wdSY/Ewceas"
    "oRRuiYuLrOT6b8e+kE48TMoLuVULW/YzWYp3fwIkQ/8dMLdsc9/I/rmERVcF87XwXmko2V"
    "8V7Qn9yCTcTL8hbBVvXQz1bjKYZXhrdY70KqZRk7RcKgxRxa9smAuLOTNVnIuElAJVBQVt"
    "f8Or3wa3R4ztKqzJztqko8+982pyaLHwIJtiRiw6L+cGNnJ2y5BN3huuzjMFt22Vrgm/1h"
    "5L5Ne1xUgiv0YVR7SbHJryxwoBb7E/puKI2qZ1FUfU/jgidRdo0/f4vXPHGLpVw/Y+taVL"
    "belS7I1ib252S5d09uSe2CzkVfd1qeNwK3AxbwCfE8Mycrd3RQ+7yzgZxFgzMV/JKKXIQu"
    "KOxbwbC6Q88wwlwAk+gXmD1g8SBDD3gW1k6878mTSqZNVoB707PTn75Zejl9kwpZrqqEgd"
    "MVuXS0zXcB0xBDVfZFWq44otsl2oOHbCz966oAmwdDZlKxVzHGgvWNO84wAL1/TjIi06Gm"
    "Fz6/hBj8lAes1ybiTWQu5gd7kCjyLK2Fk3s/Dw1ht+86a64NHSiY4Hw3epWa4nr3S5a/jO"
    "u6F7jjvz4mG/Bafhb2FcPiOUuAxaGRfgT8xs9PdtUwbX4vQDX12YyUASz/3Ii8atp5KK81"
    "zJ/c8BgKvtf46FbJStJxKpVlXiNvmylcWF1EpFoxy9ZbO4Wqkontx3k7Mus1KR6OEV9Z6W"
    "VZrfJc2rmMHW2pmN2O65Q0pdnR5V9w6sszvxhgOw3s4Gcr9unh/kP1ruB3mZmnyiU/CKK5"
    "/oVDVAKqxwiyFSYZ0qSEq5Hi0zRVpsgKogqbZpXQVJtT9ISh2F3vwwqR6/8nb6ejqvI17K"
    "AAvPwRpRfVkHqOBq+4TIFm+3D1Nu8Hp76KPQD3XovxmFydfb0hX26jQtdf7TTfMB157/dD"
    "N8QL+ADOhfywTcAA3gdc8Si42+Ox5kr+1aPZ9nWOlSPR1+OJrrVWoKZGqnNLbOZygyQ5EZ"
    "yq1tjluryIyvUeuKzGg/maFu7/salsAVZdV8yuo9DBFMjhvSLIbRw2SU10Jdxd+6XKNISb"
    "Rv219wanzxIfEJZfXnDpmCiscunU64HMl9qrG2Q+DV9YtEXb8YdOAYW1Bpzo7J7cyMjfwx"
    "7s4i1owLgDVikL+uSXzqGg7MEQW7uq4/kDguv725vXNy9r4ifSHN6Jnc6O6tGTTkUGLAVc"
    "xy9niVgz+S3iL4/bOXZ6ugP6JyuQaPch86VtneVrcC1BEFu3lEQcTUZ3RXTMUmhNSq2/JV"
    "Nx+2DLyV191ehAXtJqzXrrwlmtXq5xTE7zJd/ZSC2LWpLYE7OWHGwoNXBykWidxGkCjHjZ"
    "sbaEy4SNuThbFdJMlLgaWOB7mh40ESjasgQiDe+JZHCmjUz1pyB/X7iUMoQUlkwH1hvHXv"
    "KSRbDG9yAC982iXcARebSrcBDwIg84nPxXuZiMnoR5b1J2qpICec4UMYHhOV2blYFuQQ5S"
    "sZ6BBBqyVkN7l+XnioRa6xlkM1+RPzeuvmtfNM655lUbxCntRqeXwzci1i9TZ3cogK8FMB"
    "fjftZlS64DE2GawPrDxnruXbKTPjYNOCKAtPtk8YntcYSRWOuMfLGDG3Z5z4lsyAUTfH1l"
    "medanVIgWXGywyS1lbxT/aPZBRNkqDbJRQkRWm0biMmkeVWaLMkoZNnJXMEjOYp9bEtG1E"
    "SxrU+KjXJENEGoE5NkhgHBabH3hcxZZ3c7hsbHDB3Aq7BORbaglBtVGgaUP2MhMDFVjhyo"
    "F49hYGJx48wsCmRHDiA0j4m8Pv5MMJs6gWtGPoOY5rUZFA5UvmRToPMB4RyiUwImEwooxX"
    "0o2xDC0eyXtwvfxdcrl3CX+0S5nl8u7lM+Kh1CWz6ZS5Mtl05vBpSDlGN2FgFBKfnFrZ/Z"
    "wdqtNygXCPloTBPcoEwQU/Vqt4unFaTh1zXCZOFJqckWMA5HbOMG8Le6YXNpwMDf05iA6+"
    "C38PRvDn8Qg//jAKIoW//9nLtXdNttvn53vlct7JDTruCWLBuJsTd2yzMOgYLwHEcEdWrV"
    "+TYxty8DmOHd72bcQLijAxRNlLWWBciTO3iePiZ0JlXCShuuVfJ58eGH72E3DqqiO8WTbF"
    "qiNEQkgND2Vwph9hYne1mVt2jEgKtHGg2Jc0THykuD0RYsqf3rsX7ScIO3i4q+D8/Lzz7Y"
    "8/wT/n9y6+L5nz4rt/79Gpcc9DlZeu4D+3Lr6HIYd/HN/JG04wUHpqDMXMZU+xH1/KHwB2"
    "ga7LfQnyVA34hRMYBXQYNi4TL3G5R07YSBAMooacHmjeOCEDpGFI0sF5sr2Ia0wKpubsUJ"
    "EoGMYNfOVy4wWoobghy4eZszzkcJXj7Bac4xFm/8rO8Ag0Riy6ILpD2EfmLuSlGl1QrveV"
    "yKtgbvSMjwnlE3AIp5TzuZN3fU/xRJAj2saRqo4JIePDV9mbkBFWG4Gbsj2hzPZvtRF49z"
    "YCZ+j0MpGvMClr8k6JNUPwelOjj8XsYDcuFaoYrVGvCVQbF/RT2wO2G0vdsM0dpTBC/11I"
    "BNaE6TgsqK3NKX45zxpR59E9QG0Bqc61ph4D92HSyVlt8p90l6030ShPnQtOKoBkmwEkhR"
    "Zhse9VbBMqn6uIhJvmBA0WI+xnbyG6B/v75Q5eWHbsQnbnoi18oyKJ8H/fnp0W7VsMRdIe"
    "rDEU5F9igpu7g2gvARfBSLipAaa3X/f+TMP94uTsedr/xAKeV3NINj+Zffk/6kyQ8A=="
)
