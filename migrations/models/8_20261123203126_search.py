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
    "eJztXQFz27YO/is8dXfrNidN0qXp2t3enDTd8pYmu9ZZ363JZNqibS2S6IlSXV+X//4ASr"
    "IkS3IkJ3JslbtdapOESAMEAXwEqc+azQ1mie1DTl1De0E+aw61GXxIV7SIRsfjuBgLPNqz"
    "ZMseNpFFtCc8l/Y9KB1QSzAoMpjou+bYM7kDpY5vWVjI+9DQdIZxke+Y//hM9/iQeSPmQs"
    "WHKyg2HYN9YgK/ftYGJrMM+VnzTA86xwaGhu3Yp7HLhIBeREQa/ZBgeLqk0E0D/v8khz8d"
    "y2pNUsOw5ZebFkn103cZ9ZihU69SZzFZ5R79sbFMjzHZ7T0i+fhal52mZG5KSctyPaK9uD"
    "h59Vq2RMH19D63fNuJW4+n3og7s+a+bxrbSIN1Q+YwF4eVmBAo73DmREWB7KHAc302E7oR"
    "FxhsQH0Lp5X248B3+jibCPak+54Jk7TP7TH1trHk4KdwnAkaXT877+jvjju6rlWYkn3gNv"
    "DMdDxk+ueb4Lkxd2Sphh0c/dp++/jps28kP7jwhq6slLzTbiQh9ageSzlmeXqCpVn/Cmo8"
    "02b57E9TzonBCEm3ow/LiCMqiOURa3XE3Ih9NTBcgx9onDvWNJwICwTQOXlz/K7TfvM7dm"
    "cL8Y8l+dfuHGPNniydzpU+DuTFYcEK1rHZQ8j7k86vBL+SP8/PjuelOmvX+RO1V6O+x3WH"
    "T3RqJOZsVBpxTep5JPW0kleReppSSX1dpB7xKCH2cPSx1D8yF5fwrMj/iCtSwk4QzEkauF"
    "WXbHfrEmyaTvuVTwgfeMwhYPCJy/rcNciECjJxTQ+KYSSEemRgusJrEeoYhDuM2NxlZGJ6"
    "I8JoH/4YpgdPIaYnCJ842+QEPnSPO3TYJaaAJ8Mf0yH/+NxjYjuwg9QeW4FLsXu1YHadnH"
    "Xk2h3Lb+Z0pKXXAdOaEd2s7ZzggCObqJQ2/aRbzBl6I/i6t7+PqmU6cRFOGjDBHnPlr//r"
    "w1+Xl592dq6+xQ9CfoY/z/cvL/0BGwyuZvVfZUel7RKPYyekP6LoToIWtIjDPUItC4UN88"
    "UmPYs61xmJau9ZT5geIxYFP2GkLRLwH+230nBDT3NrwllYtRfUpWdBcrDl5sIcxVIzIrQq"
    "6zkhdnfgv6IZ8FVGRsewrgEP4PkgSlBx2xce6TFioIL32ABVHNcEqfoo8Dd0ul1KlHIghc"
    "IMa9PiNIU+9nuW2c8K87VFh1mvN9l+TpQ9zq26tDtyhesQJtb3k52k9fH9SMZkhKHciDCH"
    "DjO2YFX1BRTadErQZEuJyWAko5T41EXSOzw/P02Z8MOTzpwML94cHoN4pWihEWh4/hINcu"
    "JuSbWctW2eQh7MKeOjDztbP9CtQXvr9dXnZzd5i26bID98l4AF7j5y3eGw1+tm19dHe4Pn"
    "O/DzymjjQaEmHqAWYhg6uE5ERVjQo/3rCUwiPVWTgCWY3QN7MDLHIivmw5D49W9vmUUL1t"
    "sksHEBM3gDzfFNNJWj0jxvM5jod+TSUaAtDWURDD4Es5bn0Ck+o0kMQi3ke7xIL7NV9p49"
    "X0IdOpQ/CfvGnjJKVwQ1Rhp5C9yoo+0phznCyhYvGi/IZGRC3CBN14jDmMMCl1sMAozwW2"
    "DHyAlUewycTrRtEJ4ADXgjf3PTAc7KtTHJ51o7ysFHP2h+yCz5FO1qEWAacC2A7EqCigGP"
    "9YjynnHFE8erACvmxLuhAb4bnlinRR7iELb2dr8/+P7502ffP4cmcpizkoMS0WcxcogTKc"
    "vWIwiZjh3flrw9gQFRp88yPI5o1zk4BbcTYgNUiECrpKdp8IzalQpQnpUJHuahoUTk8Gw+"
    "bEjqU1nAPElzn7D5eliSpYDxBCQKi01FfiZIFDvzHOq56ZoT4UKoDeHcb2yaWS8WeM2by9"
    "SMtwPFLp3MTFZKReHXw29mQah51H531H51rGXm7D0wtWFRyDxPE2qaz9IycR8ViDvYDPu+"
    "k7/eoeK6LR/GNnF75EHc9qNoyc347HF8WOywJwLRtUwQCMe3ogyBqLcVpghEXaocAZUjoH"
    "aL12G3WOUIfIlSVzkCKkdA5Qg8fI7AiUPGLkelFXUkCMCKYOZnB/yeqEnNhCTJ6rS4dvAT"
    "cwLmIM8WuW23uQOaLkdNqM2doVRbYfYs6A5EPHC5jc9F9ea+R4Z0LLbJO+YYmE6A2j/2PZ"
    "FcLjBaYHJtECNzENZxLBUvSZBxMOVOsH8NjyE2o46IvmUmz0615UDtR2/OfrSCdxUeuWKm"
    "3gMeWQY886i4vgfYrEF8rhkusxGo1HLxsqCqtRgws2dA5woRM5Bw6Q3iaIh6SFUdwwpB4b"
    "L9hO3rxubC3lYKzkW/UKFzCp1TOM0a4DQKnfsSpa7Queajc/CDvND9KhWQz1o3EKGLDm2U"
    "w+gKMbjdnRY8JwHDZWP0U86vBRlybiABLG51neVIuLBlXaAEiYrZ1yUla82wrFoQEC8MqO"
    "8IgDQsLm/N4R8J9Vy3dKz1nKRLZ2NB/+Ts4vR0EaJUJ2gSnKPIgUxmByyKAZP4HMfq4JJq"
    "CfXBCCvk0s+hCvI5VXrCr7XjJWFfK0RLwh4VVqKwEhU1r0PUrLCSL1HqCitpPlYSuRwlgJ"
    "KoaQNRknXOY7pwhwhP1ZDCpNJWVNrKFwuBqbSV25i6orQVGezJvL8sy6vmrqhrGipgMW+B"
    "P6embeamsMSVrUWYDPJYt7BdyWsaYg9JcJsF10NJehY4SsAn+ATuDXo/CBCA7QPfyDH45K"
    "V0qmTX6AddnJ2e//LL8avsDQ019VEROmKOITCkuQXrSHBQD0mWhTqu2TSrQnhVQL5JCJvf"
    "jzv3sJcwzDtz9+UrFWMc6C/Y47xjqoVXXiRJGpT+fde7L2KeRhqTYeli+CBB1kDsYHOxgg"
    "AiyvhZD7Px8C5YfvNMXVS10NCJaPkuZeXa8v68LTMM3k0jCNzBsvBr5nwNQcPfntl9SShx"
    "Gcwy4UE84TsY7zvWFC8NQvMDX12wZECJZxvyLiKqp5OKdq5kjmfEwOVyPOHBJjy5hD2d9R"
    "OTVOvKosLDQRpVOksSqZ2KtQr0FllxtVNRbNw3E7Mus1OR0vCKcp+nVZLfJMknzEhVJzNF"
    "2UCpb4iUC/3MtUhp2yChLg+Pqvuwar4Pq9Y4yO/JnMS8OCisWhwHBY3W+dRaNMSlT61VTZ"
    "CadbjCFKlZnypJSoUeDXNFGuyAqiSppkldJUk1P0lKXfe0/mlSbXFNBtwlNJB5HflSJnh4"
    "HHtE8WUDoIL3CKVIVvgqoVnJA75LCHQU9BDf+JQRmBzeit4XpE4MqjNuD40H3HrG7WHwgE"
    "4BGNC5FQl4CBig/HXPIQKw1GXPBgwJHekqPUU0tYMNK0caFMygYAYVcK5PwKlghi9R6gpm"
    "UDCDghkeHmZ47+J7p3FGSYcJ5pXFqKgFblCvoL7rK6g7E07GIOKhS8cjIXU8hIdqu5xIXQ"
    "uurgWfKXAijqzigyXp7sEDW41GI+aHJ2pS73kv+RrHzfXBsq732DU52IiCkzi3v7QzSb86"
    "266dnr+vGNhKB8uXh5MDnHdN3tkJfPX8nHM55dgfU6+Q+Z3zV+fLcH9AJcQ+Aqe2z+2y2l"
    "a3ANSx8s08Vh5IpeI+SYpI7ZQs3inpz96jeMe9kviFjJvJ1lt3S1LTavmz5ck79pc/WZ64"
    "zr8h7E4bzERK5/JMSmSPNpFJ6s20FZilrnR4oCsdUpOrYFc3OfkW7+7qNGxa8tTr+xEnlC"
    "AlYqMhMd4G/QKKbWb3IOoemeMWERxCbCrDBjy8TSajEKUNGhGL0Y8sG0/U0kHOFvSHWUpD"
    "/EztatHGdNyuxEnYNGv1FO197qwWXkSQ66zlQE2hYb7bjmrtONNd7x8o3jtNS7U8fzN0DU"
    "L17u+2B5WUpZKyHjrMqHTxeMIY3J2x8m6whh+By6yD65b4VngbecrxvMVJqnAtudYmsnXg"
    "nISeTI9RN8fXWdx0odciCRc7LLJJWV8lvI47olE+yhr5KDNBVjCjSRplR5VbotySNTOcld"
    "wSK7JTd+Rp04CWeaYmV711ckSkE5jjg0TOYbH7gVcMrDgD32VDU3jMrZA/LkeppwhVCvm6"
    "LdmLXAwUYIVr4pPNG5icuLufeZ3eUyj4W8DvFP0Rs6kezWPQHO7a1Etx5SYzEO2pfMPe/g"
    "6BFQmTEWW+kmEOZdLpAL5NSdC+RbrbXfijd2WT7lb3JQm41CL+eMxcWWzxCXzqU4HZTZgY"
    "hcCnoHb2DJ5GDVouEW5/QRrcfiYJLvqxesUbaefp1NW0ZfJEYcqZOQ5ArnLO2jZQM4O04X"
    "Rq6M9RdvAW/N0dwJ+DAX78YRBlCn/3c9Bq+5Zmjy8vt8u1/CY36bjtERvW3Zy8Y4fNko5N"
    "56OJ6Y6sml6TEwdaiAmuHcGRW+QXPMLCFOWgZIp5JXziEO7iZ0JlXiShBixluQvDz2EBmq"
    "460pvlVKy6QqSI1PJQhs/0Ixh2V/fdsmtEmqCJC8WOhGGSK8XjkeeNxYsnT+LzBDMFn50q"
    "uLy81L7+8Sf45/LJ1XclW159++8TOjafBFwVpTv4z6Or72DJER+H3+QtJ5goPTb7nu+yF6"
    "jHXfkDwC8wDHkuQd6EAL9wBKuAActGNzWI7jY5ZQOPYBI1tAyYFqwTMkEaliQDgicnyLjG"
    "osg0Z5eK1INh3cAhl1svQAzFE1lWZu5fkMtVTrBbcPfCrPkXdu9CJDFi0ykxOGEfmTuVL0"
    "JogXCDr0S+vuNB72UYUTGCgHBMhZjwvFeuFBuCHNImrlR1GIRMDF/lbEKGWB0RXZfjCWUO"
    "Bqsjopt3RDQDp5fJfI33Xu+Yg9fEjeq5tPfV5giv2aGFcinCibdf3CFFOH7RRlMmUp0bA2"
    "0Gvt5Iy9kaCGtaizYHaNymzt0Btdu/yt3+QvNd7CgXG3DlIBchJuOcDK9iDofNG8jd3Z2d"
    "cqfkF52Rzx4zc7zQUqY5/N9352dFh8xmJPPhBkTD5F9iQUyygdxewFxkRiqmiHj6+E37f/"
    "PsPjo9P5wPFvABh9W8x/s3Zjf/B1jhxbs="
)
