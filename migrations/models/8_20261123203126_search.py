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
    """As api/resources/filters.py puts it."""
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
    "eJztXQlz27YS/isYpTNNWsWxczhp0umrkjitXx27kyhNp7EfDYmQxJqHSkBRNGn++9sF70"
    "smJVGmGHQ6jgRiCepbHLsfdsHPHcvRmcn3elOj71wxu/OUfO7Y1GLwIXOtSzp0Oo2uYIGg"
    "A1NWplNDE1hNFtMBFy4dCrgyoiZnUKQzPnSNqTAcbKXTI1dsQQYLMp8YwwmhxLtKQIiTke"
    "NCyYwzd48cw3fOhi4TxODkynbmNooZUDyhfEIc21zsYZu6M4RGDXtcz+1ntvHPjMFvHDMx"
    "YS408uECig1bZ58Yx6+fOyODmbr83MG7a4aOkvAXa7JPU5dxDr+fB8IB0hF4mi/n/f9JQr"
    "yYykodeQ+AVX75gvLTK002mVCb16gs1wLZd++OX76SNRGogTZ0zJllR7WnCzFx7LD6bGbo"
    "eyiD18bMZi4VTI8p056Zpq/5oMjDBwqEO2MhMHpUoLMRnZnYJTo/jmb2EHsCwZa0mTCgnw"
    "0da0rFHpY8/sl/zpiMpp2e9bW3R31N62S6Ez5Pqgv4RUOAGzAzbIGof/7i3TdCR5Z2sIEX"
    "v/be3H5weEfi4XAxduVFiV3nixSkgmqRjiPI5b8Z0PugrQzeQdUU4vCMq2AdFERgR8MtQC"
    "7ApgY0Oxb9pJnMHosJfL3/6BFUsQw7KjrAX0qFYK788f/78L/z80/7+xff4QcuP8OfJ4/O"
    "z2cjNhpdhNe/yT5V54AIBxshwwnFyYW5vEtsBwa1aRJnRGBYWmRgUvtqzxsr1Jqa3tDsnB"
    "rjiTAXBAah44rOxZJ+8EfvjewK0JLsCw605c1xp/6l+9417BNRH5DjV8M5I9sTXsAD5w+/"
    "pNRmOsX1A3BrXeLwYQmgDx8W4oyXkjDzoYP3yEDcc126yMc4Eknhaxpc7OCoWwJp/+jP/o"
    "eLFGSwuOGP06jIwvYSrgjDYvnIJSVT6Om+6F7wYQeh7MAP1M9gifdHyTJoj18fve33Xv+O"
    "zVmc/2NK/Hr9I7xyX5YuUqW3D1M9O7wJeX/c/5XgV/LX2elRes0J6/X/6uAz0ZlwNLBNNK"
    "rHBnRQGqCW0LpJuUBrYhW9p2U3oHn/kZui+B1RdIDJUk3DmmbA7VbQc1KyheO7TWqOeRRl"
    "jfuYyCYt/OYq9RobHn2m0VWuCY9QZaF95bjMGNu/Mc+0OIbnoPYwz4D3neV3/m12E9KoNJ"
    "qxXToPncx4h4LfDr+YCc/A7b190Xt55HmlAzq8mlNX1xJQ4xXnvpMqCetmL1n3rXQJtelY"
    "goO/Ap/ZR/25A7fo5HAX3oXuMuJigFXKkRbFcFYkB4QhTFaOGvAeT5MS15MCOF/E2knab6"
    "Ubi8Qqtzib6qu0GIkp4qNpk2Z3CfGhXItCwFvsWiQHeRWtJyWV1pui9RwD1H/6SOsfmYtT"
    "eFblf0QXEsqOCaQ0jQZGTbo9qEuxKTLyV2dOnJFgNtKOxGVDx9XJnHIydw0BxfAkhAoyMl"
    "wuuoTaOnFsRiywJ8ncEBPC6BD+6IZA5hJ3G5y57e1GXB716fgSdyPEBP4YNvln5gjGM6Tm"
    "wTIW8/i0n6KBPGttlVGblFRkQHMGaXZuDk3LEnsRYV21GbHVzYj3bMANwYhJwRqc1LEZEX"
    "/Ycn0hJbFSj2jYsE52iIN9+K+oB3yT0dERrF6AAdwfVAkTuTXjggwY0XEaH7ARTuQ488sJ"
    "HhX+mi72SqlSPkihMv2rSXUaXJvOBqYxzGEoTDrO+jbx+ilVDhzHrGt0Bw5PHcrE68N4I8"
    "nx+H4iPW/CUG+EG2Ob6Xdh7UTGglh0QdAwkxqTLmdmUOJdl2nv+dnZSWINeH7cT+nw3evn"
    "R6BeqVqoZHjUSHYhBj05OVxT7rAM67ZvQD5ODcZbH/bv/kDvjnp3X118PvySN+n2COIxcw"
    "nYWZe3XHc8Hgwus/PrrfujJ/vw88qMxseFI/HxnTzGsJjgipFPzBrAejAxpjkblc994Ve/"
    "vWEmLZhv4/RVyyjF9FCAjr4mSi+80dJSiAz7oyEkAmvCdBzeqK1QwcP77O7qKJ3gPdoEUO"
    "28u5yfirj3YPK6hn+XYW+lIwej+fWpH98nV/mJA8/sF7iOycDj9r95Sz45hsuCgX2OZgD4"
    "6yADhtvfjmEDsnkxhPU1lLNh8CHcg5J36Vws20HwUCsbXxjDWAskN0y0H9uiAs+eQwD5tk"
    "pzA5vG+Ah37x88fPzwyYPDh0+ginzMsORxCTqmmErHjpSFFSPHjuyZldl+TGAcyDbZjwcL"
    "HdwoHBDeqJJGue5khl0pX+6wjJ+VpmFiTtZh2sOKj6eyO0hxGbW9ngJURSvUGa0wCPa11w"
    "xXCPfHdxPUa+MV4kM0P2Ah3Wc3AGrLHLY0pmvEgERQU44UjcWw7bXs9T7lVz15M7aL+4U3"
    "Yra/CKbcjM0eudLFBnvMZ99exEw4kK+xdP2Hi1u5FaJXKsTlBA1tJzAnaG2LkTlBkyo0R4"
    "XmqCCNJuz/qtCcr1HrKjRHheao0JzdG6QqNGcXQ3OObTJ1HdQ6ryMuB7qUkR+U83vsSqIn"
    "xEW2N1fXTqRjKE6KPu+S64I8+jCfy6cm1HLssZycuTEwoTlQ8ch1LLwvTuLOTJAxnfI98p"
    "bZOkbx4Bw/nQkeXxTQ82RyBeATY+Rfc7CUPyNeoM/Csb2wEbgNsRi1efAt03n2q036Kgxk"
    "d8JA1FaB4ra3DOoGuO0yRKyg/GoDFGyLcK6ZerWQ9O7kcq/epe5y8tUKSfMt5iuChksHGw"
    "SPqPlS1ZlKf4OhbDvRkUm1MrB+a1ulYINfqDhYxcEqNq4Bjr7iYL9GrSsOtv0cLPwg4Ztf"
    "pRzysHYLGbogV6ocR1fIwR3sd+E+MRou66OfOM4VJ2PH0VEAJre6UqhiJmxZEygmonz2po"
    "T3NYzLqoUBEb5DvSYB0jK/vJviP2LDs2mhfc3spCtH9kH75PTdyclNHe8Uy1zK4U2SeU3F"
    "1EkqkapMoolp2FfRIdLziYPZpXguNJgkMp2DExrmfOD2AZ7mWu2Y6jqaWDW2rluGlIjBWC"
    "GXJMWEyJuUYnnizUVSigNp1FrWXcKBtD6vpYepYF5qy0KO2KaktCzAewULPofcdwBXahds"
    "VcXEtnh0QFiy3Y69wbR+dQB4Trfe/AHgeHswVHL2rApTEOMiK1Et27HnJGkCRtBCpsbhTP"
    "JM3sV7XwUUw3w5YG7Z6WUj+YoJC7oK5mvhvdIMsr8q2hP6kUm4mX5D2Kp9gmKod5MxLrNP"
    "oM7tXmXFbpKWS4V9qnihDXOPMeexAqRJKQWqCsLafoKx3we3R0TuKqzJwdqko+a984FyaM"
    "jw4KBiBjI6n+gGEme7Zcg97wlX5/WCt5uVbgm/1h675be1xcgtv0UVt7WbnKXyxwoBb7E/"
    "puK22qZ1FbfV/rgt9e7VpudUvnPHGCpXQzqlSqFTKXSKvVHszc2m0ElnT+YgZyGvmkenjh"
    "+uwMW8AXxODMvITaeLLnaXcTKIsWZivZJRYZGFxB2LeW+IkPLMM5QAJ/gE5g1aP0gQwNoH"
    "tpGtO/Nn0qiSTaMd9O705OyXX45eZsPCamqjInXEbF1uMV3DdcQQ1HyRVamOK7bIDqHi2A"
    "m/euuCJsDS2ZStVMxxoL1gTfOOXyzc04+LtOgois3t4wcjJgPpNdu5kVgLuYPd5Qo8iihj"
    "Z93MxsNbb/rNW+qCS0sXOh5M36VWuZ58hc5dw3feDd1z3JkXf/wtOA1/C+PyGaHEZdDLuA"
    "B/Ymajv2+bMpgZlx/46sJKBpJ4zkpe9HM9jVRc50rmmwcArpZvHgvZKNtOJFKtKZNygQ+p"
    "V2ksLqR2Khrl6C1bxdVORfHivpucdZmdisQIr6j3tKzS/C5pXsUMttbObER67Q4pdXV6VL"
    "3nYZ1s0BsOwHo7G8j86Dw/yL+03A/yKjX5BK3gEVc+QatqgFTY4BZDpMI2VZCUcj1aZoq0"
    "2ABVQVJt07oKkmp/kJQ6er75YVI9fuVl+no6ryNeygALz8EWUX1ZB8ik46yplBJpyZEA15"
    "00/34izXo8hAXGoQ7jN6Mw+XjLlLTJswXU6WXqvK16IV3/vK2b4QP6BWRA/1om4AZoAG94"
    "lths9N3xoHptrzH0eYaVXmKoww9Hc71KS4FM7ZTG1vkMRWYoMkO5tc1xaxWZ8TVqXZEZ7S"
    "cz1NsSv4YtcEVZNZ+yeg9TBJPzhjSLYfYwGeW1UFfxpy7XKVIS7Uv7C07pLz6UP6Gs/twh"
    "U1Dx2KXTCZczuU811nbovnrdJVGvuwwGcIwtqLRmx+R2ZsVG/hizs4g14wJgjRjkr2sRn7"
    "qGA2tEQVbX9QdAx+W3t7Z3Ts7eV6QvpBk9k4nu3p5BQw6BBlzFLCfHqxz8kfQWwe+fvTxb"
    "Bf0Rlds1eHT+0LHKjra6FaCOKNjNIwoipj6ju2IqNiGkdt2W77r5sGXgrbzv9iK80W7Ceu"
    "3OW6JbrX5OQfzdsaufUhB7TW1L4E4umLHw4NVBikUitxEkyjFxcwOdCTdpe/JmbBdJ8lJg"
    "qeNBbuh4kETnKogQiHe+5ZECGvWrlsygfj9xCCUoiQy4L4xvOXwKxRbDNzmAFz7tEu6Ai0"
    "2l24AHAZD5xOfivUrEZPQjy/oTtTSQE87wIQyPie7ZuVgW5BDVKxnoEEGrJWQ3uX9eeKhF"
    "rrGWQzX5C/N6++a180zrnmVRvEOe1Gp5fDNyLWL1NndyiArwUwF+N+1mVHqhZmwxWB9Yec"
    "5cy9MpM/Ng04IoC0+2Txie1xhJFY64x5dfYm3POPEtmQGjbo6ts7zqUqtFCi43WGSVsraK"
    "f7R7IKNslAbZKKEiKyyjcRm1jiqzRJklDVs4K5klZrBOrYlp24iWNKjxWa9Jhog0AnNskM"
    "A4LDY/8LiKLWdzuGxscMHcClkC8im1hKBKFGjalL3MxEAFVnjlQLx6C4MTDx5hYFMiOPEB"
    "FPzN4Xfy4YRZVAv6MYwcx7WoSKDyJfMgnQcYjwj3JTAjYTCijFfSjbEMLR7J9+B69bvkcu"
    "8S/miXssrl3ctnxEOpS2bTKXNlsenM4dOQcoxuwsAoJD45tbL5nB2q03KBcI+WhME9ygTB"
    "BT9Wq3i6cVpOHXNcJk4UupyRYwDkDs6wbgtHphc2nAwN/TmIDr4Lfw9G8OfxCD/+MAoihb"
    "//2au1d0212+fne+Vq3skNOu4JYsG8mxN3bLMw6BhfAojhjqzauCbHNtTgc5w7vPRtxAtu"
    "YWKIsleywLgSZ24Tx8XPhMq4SCJffJ87MfzsF+DSVUd4s+yKVWeIhJCaHsrgTD/Cwu5qM7"
    "fsHJEUaONEsS9pmPhMcXsixJQ/vXcvyicIB3iYVXB+ft759sef4J/zexffl6x58d2/9+jU"
    "uOehyks38J9bF9/DlMM/ju/kTScYKD01hmLmsqc4ji/lDwC7QNdlXoI8VQN+4QRmAR2mjc"
    "vEQ1zukRM2EgSDqKGmB5o3T8gAaZiSdHCebC/iGouCpTk7VSRuDPMGPnK5+QLUUNyR5cXM"
    "WR5yuspxdgvO8Qirf2VneAQaIxZdEN0h7CNzF/KlGl1QrveVyFfB3OgZHxPKJ+AQTinncy"
    "fv9T3FC0GOaBtnqjoWhIwPXyU3ISOsEoGbkp5QJv1bJQLvXiJwhk4vE/kKi7Im3ymxZghe"
    "b2r08TY7OIxLhSpGe9RrAtXGDf1UesB2Y6kbltxRCiP034VEYE2YjsMbtbU7xV/Os0bUef"
    "QeoLaAVOdeU4+B+zDp5Ow2+Ve6y/abaFSnzg0nFUCyzQCSQouw2PcqtgmVz1VEwk1zggaL"
    "EfartxDdg/39cgcvLDt2IZu5aAvfqEgi/N+3Z6dFeYuhSNqDNYaC/EtMcHN3EO0l4CIYCT"
    "c1wPT2696fabhfnJw9T/ufeIPn1RySzS9mX/4PZJ0Frg=="
)
