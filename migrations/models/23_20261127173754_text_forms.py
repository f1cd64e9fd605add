from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# The columns whose words are found, the weightiest first.
WORDS = {
    "boards": ("title", "description"),
    "columns": ("title",),
    "tasks": ("title", "description"),
    "subtasks": ("title",),
    "comments": ("content",),
    "board_comments": ("content",),
}
# Exact words weigh more than those without their accents, wherever they are.
WEIGHTS = ("'A', 'C'", "'B', 'D'")
# Those that lists are sorted by, and those by a part of which a record is found.
SORTED = {"boards": "title", "columns": "title", "tasks": "title", "labels": "name"}
NAMES = {"users": "username", "labels": "name"}
KEY, FORMER_KEY = 'folded("{}", false)', 'lower(normalize("{}", NFKC))'

# No combining mark is among these. PostgreSQL takes the square of their number to sort those that
# follow each other, so that something has to come between.
NO_MARKS = (
    r"\u0001-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u1fff\u3030-\u3098\u309b-\ua66e\uac00-\ufb1d"
)
# Final sigma; and what isn't seen, such as soft hyphens: the rest of a translation is deleted.
UNSEEN = r"U&'\03C2\00AD\200B\200C\200D\2060\FE0E\FE0F\FEFF', U&'\03C3'"
LATIN_OR_GREEK = r"\u00c0-\u03ff\u1e00-\u1fff"
# Cyrillic letters keep a breve and a diaeresis, by which й and ї are letters of their own. In the
# text of a tsvector, a mark after a quote is all that there is of a word.
ACCENT = r"(?<!'')([\u0300-\u0305\u0307\u0309-\u036f]|(?<![\u0400-\u052f])[\u0306\u0308])"
WITHOUT_ACCENTS = f"""
            value := replace(value, 'ё', 'е');
            IF value ~ '[{LATIN_OR_GREEK}]' THEN
                value := translate(value, 'øłđðħŧı', 'olddhti');
                value := replace(replace(replace(value, 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
                value := regexp_replace(normalize(value, NFD), '{ACCENT}', '', 'g');
                value := normalize(value, NFC);
            END IF;"""
# Thai, Lao, Myanmar and Khmer; Japanese, Chinese.
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\uaa60-\uaa7f\u1780-\u17ff"
    r"\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
THEIR_MARKS = (
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    r"\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
# As in migration 8.
PUNCTUATION = "&+-./<@_~"

# Not in SQL where a value is needed twice, which would be computed twice, or planned for each row.
# None of them calls another: a restore empties search_path, so that it wouldn't be found.
FUNCTIONS = rf"""
    CREATE FUNCTION "folded"("value" TEXT, "with_accents" BOOL) RETURNS TEXT
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
        IF octet_length(value) = char_length(value) THEN
            RETURN lower(value);
        END IF;
        value := regexp_replace(value, '[^{NO_MARKS}]{{100}}', '\& ', 'g');
        value := left(lower(normalize(value, NFKC)), 20000);
        value := replace(translate(value, {UNSEEN}), 'ß', 'ss');
        IF NOT with_accents THEN{WITHOUT_ACCENTS}
        END IF;
        RETURN value;
    END $$;
    CREATE FUNCTION "spaced"("value" TEXT) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(value, '[{UNSPACED}][{THEIR_MARKS}]*', ' \& ', 'g');
    CREATE FUNCTION "words_of"("value" TEXT, "exact" "char", "without_accents" "char")
    RETURNS TSVECTOR LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        gap CONSTANT tsvector := '|:200';
        found tsvector;
    BEGIN
        value := translate(value, '{PUNCTUATION}', repeat(' ', 9));
        found := setweight(
            gap || to_tsvector('simple', value) || gap || to_tsvector('russian', value), exact
        );
        IF value ~ '[ё{LATIN_OR_GREEK}]' THEN
            value := found::text;{WITHOUT_ACCENTS}
            found := (
                found::text || ' ' || setweight(value::tsvector, without_accents)::text
            )::tsvector;
        END IF;
        RETURN ts_delete(found, '|');
    END $$;
    CREATE FUNCTION "in_order"("value" TEXT) RETURNS TEXT
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
        IF value ~ '[0-9]' THEN
            SELECT string_agg(
                coalesce(part[1], lpad(length(part[2])::text, 3, '0') || part[2]), '' ORDER BY place
            ) INTO value
            FROM regexp_matches(value, '([^0-9]+)|0*([0-9]+)', 'g')
                WITH ORDINALITY AS parts (part, place);
        END IF;
        RETURN left(value, 300);
    END $$;"""


def words(table: str) -> str:
    vectors = [
        f"""words_of(spaced(folded(coalesce("{column}", ''), true)), {weights})"""
        for column, weights in zip(WORDS[table], WEIGHTS)
    ]
    return f"""DROP COLUMN "words",
            ADD "words" TSVECTOR GENERATED ALWAYS AS ({" || ".join(vectors)}) STORED"""


def sorted_by(table: str) -> str:
    column = SORTED[table]
    return f"""ADD "{column}_order" TEXT COLLATE "C" NOT NULL
                GENERATED ALWAYS AS (in_order(folded("{column}", false))) STORED"""


def change(table: str) -> str:
    """Change a table in one statement, which writes it once."""
    changes = [words(table)] if table in WORDS else []
    changes += [sorted_by(table)] if table in SORTED else []
    return f"""
        ALTER TABLE "{table}" {", ".join(changes)};"""


def index_words(table: str) -> str:
    beside = ', (ARRAY["status"]), (ARRAY["priority"])' if table == "tasks" else ""
    return f"""
        CREATE INDEX "{table}_words_idx" ON "{table}" USING gin ("words"{beside});"""


def index_names(table: str, key: str) -> str:
    column = NAMES[table]
    return f"""
        DROP INDEX "{table}_{column}_key_idx";
        CREATE INDEX "{table}_{column}_key_idx"
            ON "{table}" (({key.format(column)} COLLATE "C"), "id");"""


def former_words(table: str) -> str:
    """As migration 8 put it."""
    texts = [
        f"""translate(coalesce("{column}", ''), '&+-./<@_~', repeat(' ', 9))"""
        for column in WORDS[table]
    ]
    vectors = [
        f"setweight(to_tsvector('{language}', {text}), '{weight}')"
        for text, weight in zip(texts, "AB")
        for language in ("simple", "russian")
    ]
    expression = " || '|:200'::tsvector || ".join(vectors)
    return f"""
        ALTER TABLE "{table}" DROP COLUMN "words",
            ADD "words" TSVECTOR GENERATED ALWAYS AS (ts_delete({expression}, '|')) STORED;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {FUNCTIONS}
        DROP INDEX IF EXISTS "labels_name_id_idx";
        DROP INDEX IF EXISTS "columns_title_id_idx";
        DROP INDEX IF EXISTS "boards_title_id_idx";
        {"".join(map(change, {**WORDS, **SORTED}))}
        {"".join(map(index_words, WORDS))}
        {"".join(index_names(table, KEY) for table in NAMES)}
        CREATE INDEX IF NOT EXISTS "boards_title_order_id_idx" ON "boards" ("title_order", "id");
        CREATE INDEX IF NOT EXISTS "columns_title_order_id_idx" ON "columns" ("title_order", "id");
        CREATE INDEX IF NOT EXISTS "labels_name_order_id_idx" ON "labels" ("name_order", "id");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {"".join(index_names(table, FORMER_KEY) for table in NAMES)}
        {"".join(map(former_words, WORDS))}
        {"".join(map(index_words, WORDS))}
        ALTER TABLE "boards" DROP COLUMN "title_order";
        ALTER TABLE "columns" DROP COLUMN "title_order";
        ALTER TABLE "labels" DROP COLUMN "name_order";
        ALTER TABLE "tasks" DROP COLUMN "title_order";
        CREATE INDEX IF NOT EXISTS "boards_title_id_idx" ON "boards" ("title", "id");
        CREATE INDEX IF NOT EXISTS "columns_title_id_idx" ON "columns" ("title", "id");
        CREATE INDEX IF NOT EXISTS "labels_name_id_idx" ON "labels" ("name", "id");
        DROP FUNCTION "folded", "spaced", "words_of", "in_order";"""


MODELS_STATE = (
    "eJztXY1z2zay/1cw6s00ucqO7cR2mtzcq+w4qa+O/SZWms7FPhoSIQkVRagkZUcvl//97Y"
    "LfXxIlixLFoNNxbAJLkL/lAov9wtfGSOjMsHdbY94WQ2Y2XpGvDZOOGPySamuSBh2Pwxa8"
    "4NCOITvTMdcc7CYv047tWLTrQEuPGjaDSzqzuxYfO1zgKI0WGbIp6UzJw4B3B4QSt5UAkU"
    "16woIrE5tZu+Qc/rZZ12IO4TYZmuLBRDIOlwfUHhBhGtNdHFMXXRiUm/1ybj8x+V8TBu/Y"
    "Z86AWTDI51u4zE2dfWE2/vm10ePM0OXvDby7xnWkhJ/Yk30ZW8y24f1tn9hHOgRP8+jc/7"
    "9IiKdj2akh7wGwyj++If14qMkhY2xzB5XXNZ/248fzN29lTwSqo3WFMRmZYe/x1BkIM+g+"
    "mXB9F2mwrc9MZlGH6RFmmhPD8DjvX3LxgQuONWEBMHp4QWc9OjHwk2j8ozcxu/glEBxJmz"
    "gcvrOuGI2ps4tXjv/pPWeERtMur9ra9Vlb0xqpzwmfJ/EJeJe6ADdgxk0HUf/6zb1viI68"
    "2sABTn9tfXjy/OipxEPYTt+SjRK7xjdJSB2qhTwOIZf/pkBvA7dSePtdE4jDMy6DtX8hBD"
    "sUNx85H5sS0GyM6BfNYGbfGcCfB4eH0GXEzfDSPr4pdRxmyZf/z+f/3Nx82du7/Tv+Ysvf"
    "4cfLw5ubSY/1erdB+9/ST9V4P7EdYgqHdBjpGNQc7roiQUdjw5XAxiXvDxxjSkDWhOU0bm"
    "ew+/fWB8lxeGrJcgHzlTuVXXpNB24bsj5ktRRTDaeGNMNPB9TKlrI41Wp4P1/O1sb5oxcF"
    "gD56kYszNsVhtrsC75GCuGVZdJqNcUiSwNfgtrOFwjUD0vbZH+3PtwnIYA3Dl9Ook4btDb"
    "Q4fMSykYtTJtDTPdJd/5cthLIBL6hfwUruScksaM/fn123W+//F4cb2fZfhsSv1T7DlgN5"
    "dZq4+uQo8WUHNyGfztu/EvyT/Pvq8iy5tAT92v9u4DPRiSM0UEE0qkcE2r/qoxbjukFtB5"
    "WGZfiepF0B571Hrgrjt4TRPiYzOQ1rGofbLcHnOGUN5btObI5sHIrq8BGSVSry1WXqHFUd"
    "t0a9YaamjlCloX0rLMb75m/MVS3O4Tmo2c3S07098UfvNtsJaXg1nLEt+hDsJaMfFLw7vD"
    "FzXAW3dX3aenPmbj47tDt8oJauxaDGFnEgEleCvumm0cEoeYWatC/BwbfAZ/ZQPxFwi0aG"
    "icJtaM6yT3SwSzHbRD6cC9oAuK2NJx2Dd+ft/92H04L+c7b+OF1EhnG4YzBNWLr7Tc43N3"
    "jDRejmmxsSY8ZVxsJDhmQLjzgZ68uMGJIpk0rV5unmDJOK2s3kAl7j3UxcyBfhepxScb0q"
    "XM/Qeb2nD7l+zyycwtMs/z1siDE7QpDgNOo0JfF2vyzGJsycp2ICLQQUDNIdULPP7CbpWW"
    "JE9nfJuUn+mgiH2YRLfwV2ujtr0/5dyha6P8v4eX7ZTliPXCVvGcmLUyobQnUELT2/Uqs7"
    "4PdLsTlBujV8bnwaMBPF5YHaxH+JJhGWvFfKc1j/b0Cq/QW9VUFf5a4qw131iXVs7jBiUF"
    "DeB6W4q+J7wzjLr4Xl/Mam2VwPiebz3pPkCrN+jjMlJrs+oE/et/54GpPfi6vLd373CANO"
    "L65OUstp+JjFRC1BsZTAVWzljMvb/h78lydgf0vJxhkoeYAB3B+0HOqQEYoTiJIuTJAn1h"
    "MWk+pPj1vQIHrkPZ3uFhIh+SC5QuS1xtkZWnJSzHxr0H7aBBDtn2BlRwijrMnTtwuUwUxs"
    "70YHSS2zaBMjDPlGbN43mb7DTRlmQ0Z0SnD/IjkmLTOpyRDvOot7J1dXFzExPTlPyuHH9y"
    "dnwF7JWujEXaNlWte95+wBdhBal5rAs9GImRnaUCZfcyjXyOHgygZZ/Pv52aezD7bkqodC"
    "ip3yOdfET+CPyFjeMqfZoG/9JtjjxOT6w+e9nZ/pTq+18/b269G3LB2lRRCPidUkoBzf/W"
    "BZ/X6nk95LNn446L3cg/crMr0e506tx8lp1eAj7tgatRgosPfcFta0oCDmUH5ngnjnUHuo"
    "SSzuZKQibHIs0167MKYcbvn+oajUypkjI8jnxKN8+9sHZtAcjSjq+jkNp+It25LkeeRiYj"
    "Jiow6sOgM+XgVYNfNdJlcCmCAeidKpO8vUFCJu3nNHIvBImM6DG9UVKnh4z428PEoXeI86"
    "AVS6g9+fzPP8/JHJfo67X4suMetz+7tjF439jz+p5hMv7h/3YjYWGy5MNyjb+R+Oue4ggM"
    "jbqmAAFQyg3MIV8FSoYIDvkesqGGA7ggHgoZxMo2iOSS3oXUM3oe+2KOYozDKy7RNHwG2a"
    "cB9kIiqh8MmmjWwXQgxt0hdCRwKYoMryZkQV1KJ6TJRGBZknAN1YzH7F7NGlhOx3/ODuR8"
    "bsB0Hi2/mJzg3aj0podtR+8pNdAagFjYnV/E6XzoOA8cnlx4uLjSZCSOjzjCQ+X+ZZSPAN"
    "C1dsCO3Qr7y6CtK5OxDwzN4FSxiMwL7T/cv19JJzaHaYYUgNRYaVoL/+T8FNYFJW7YbyBs"
    "ow5XwOZMGdaW5XbduRGC9g2FnI8nBuOgsYHjI04gKxO5vNNO/jI+wc7L84fvHy+dGLl9BF"
    "PmZw5biAbptvW8APKQ0rpvKfmZNRahqMYezTVlntbXzC6BkUCFeqpNdeFwUDHxO68FERhT"
    "S5eYxoo0dKFa2rKlofOJUuWmtddFsxfURSbiQBwMbIvBXEXbSpPWzJm7FtNKBuxL156k+5"
    "KZ09DDnIV9gjsQ0b8GXO0XS9h4tquWVmMPvDrTOF2R9zje5Lf0jlt1R+S+XBqoIHS/ktv0"
    "euK7/ldvgtVRLz95DAqpKYVRKzSmKuTBIzTOdjSyBzbZXBvJkZvIwMZguYnQb8g3c17gbx"
    "Lq5PviI7Rc+Cgs/g/sQ5YxP7xFK4oFIbtzS1MczMy+AetF34TfF5K0a11LaganyU7ltck+"
    "TT+dF0cxIcfxUPZETNKUFA5D4BvZYDes/cYgDUYuaPTo4mFGXv4WIbCOWOVP6zKvh65vvP"
    "ijh7pPA83s1TI5xLdu/kJq4VylnbTLaaXHKKBjQFmVQeVVlZauvNT9tEZprKSVO+HWXlr5"
    "ThSfl2vkeuK9/Odvh2VE5arXPSImpoUTUmQqL23VUJA66Y+akUK4bjbYofacSo2d66mbBh"
    "RMSzaiHA1fxItzYd7VxnozEs+mZ3is64DPtHokdzlhmEh321IZsWzk6zGDDTdlwDMfrJsV"
    "Jsk1BTJwPxEDjPTfuBWUx/TR44fEETh1DSEfqU8J5LyW20LA/Z2MnKTCtnkJlZaYDB7Jy0"
    "yH5yjtEhCW3c4LEyy8MJ738vaWk/Hxw8f358sPf86OXhi+Pjw5d7QX5aumlWotrJ+TvUeW"
    "Mq0/zktSHLKJiZfwyt172GGvHB4eHqQw88YV/4tN8kXQ3xXv2Jv8qetowSW3FLStqABhqc"
    "M8lwSl2PqGHkrhohVX184jvPD46PgtUC/5i1Ply/b11cZDms9YwVAE0iec5qffkloGIwrj"
    "sWhzluIeqiy4Dfvw5Ylz37G6IbeKKL4hulqR/GpWg0flxBxgTcsiw6nR3hkjUBG9zewhl4"
    "BrJo/vl8WxVz2hapIupQ5srmf5dq/AnLgGcZfmJFwmcYfeJVyYvYewxuDkln6lUAehgIPH"
    "mGwJ4LrTBY88eWVhe3MBD6q8QQcyhsMgTd1ERKDldxjyaPTsiy9pQxRKnFpCMwLl9JWt6k"
    "UJhOdLiQSgWxVGribc6wH9W++FEL64W59Y+mUmKrUvdoCpvmEc/Qd08E4ErNHE0sQlaTs2"
    "5m2URXd0SUnJkXNuTFqVbzoW/Wal3yNg5vD3pKxvYi17QTJamwcSdMScBMBJxJXsu7kJ6w"
    "CF6G+bLDrKLTy0qK2sU06EUwfxTeS80ge8uiLXM+EG6mbwhbZZjOh3o7Q/6KBHqC1svhbk"
    "twPU5ZQ65vCZcLuSNUwteKA88im8cFII1TKVBVFt36q1B636AyRM6DNS6sVbJFuoftZZgh"
    "g1P48i2Q4WF/VT0pzn3C5e16eJ9Fiix644VkpSfieSOuMQ3PG1El4W2n/VLtzXIBr/HeTC"
    "Xh1Y3rKglvO5Lw5L8pBmRm4Pldq+weWj40p7nhomsfrT6mN5ZQby2uJSaCNHPKrcVpVLU1"
    "VedrScnavjpfyoCobF1VMMqspmKU3A4b8DwrKBsV2FxqgniptaM+AD5uScAM61XY2JxlwU"
    "KM3eKBBWPo0Mkqeg4ziS1GzBkAKkTSM12mMQJO8Bs3ZRQbmlBA5SAPwBbx8FoqlXJo1DA/"
    "Xl5cvXt39iYdRFfSGAsa2pip2wXyIyMIah7JssagTWbmVSjEZIVR7PlWIFQYRuOsE41yIy"
    "CiJOvbHJafU7SyqAdfYlKQznF+h2Q1tK5srzXFNaKl9KzNuGmu3ek3a6nzm2YudLY/fRda"
    "5VoETynb4aYbo8113yQio/t+hE3Dnw6/e01okNzfdW0rGLKNod+4/MCfFub32wRWG5YVK1"
    "7OIAuucwXLK/oALldeMRLgUnSckGSxoQxqO/iQRYobBINFiZQvp1IbvVmruPLl5C/u22nV"
    "L+LLiUn4gnxP0irObxPnVYRlbfXMVOos7Rcv3RgnqJ+N++DwKK2kttFFh3FjOy188zsiel"
    "J9lCfr0JFbNUqetovGkrR1+734Pw6v/+xwd488+WN//zW54ObkC/ny8kg7evGaWPev9l/s"
    "7e49Je9YdyieHezt78H/++QtSFJPfHkmWwv6k/ITnWSbSp1WqdPVMo5XNHX6etKRpSSz9s"
    "FeU3PmPtjtVOUDA/xHXPrAgEVDCIMB1xhEGIypwgjV1rNmqmiNNyAqjLBuXFdhhNsRRqhO"
    "b61MIGHLHrop7C6vy4goVCeJViHCkINKLJDviF+KG28Nt1ZhXLdMkNSk4si8wyc/DeQ+SM"
    "53nmqP0x9W+k7Jj3zOWTKzyhom6ogMdahDuZA+/lCHzVhS2jlmlPZcG8oGDCg69MW9QTHj"
    "gmtZ8GlKt2UoQ4YyZKgtbXW2tMqQ8T1yXRkytsOQ4SpAy0henHIFklcxn/f2Clp6fqVWd8"
    "Dvl2JzgnRr+IybYDM4zsp7iSYRlrxXwUp8dfoGlMmyMibLTxZ3mBcdA7sYYsFUSu1STJeS"
    "k4tmQyeIVDr04sbK6GMWk7kERf3Cxvwzf/OP+I0JSftBkDG1aN+i44EtDyj0TPylHeGr7P"
    "yVEJ2IdWkhhTRCt31qygiXDVgyAiP996WdjC0uYFXMSTmdX8s/Sr9Gmby4+rSg2Ml84oks"
    "fuJu5ipSzz/vWLti8Oceb1cm+O2rN1fLoN+jFkKPp6B0xaiotJXNAFVAZUsLqMiSE9lHkl"
    "1wc8j0c7cpkfkTIVruRLLHahGdCTccbtq7ON4mtIfMg8qoLZME2KKAJukUpl+T4b2azNjN"
    "mOL9y/EpPUlU2bMWNlZiIIgt0ZZCeAa5wjoD6xHoTAsjHCdSuKZxRbAWjMqJEam4nNlxOR"
    "5sKXgXjsw5DW60nbDOjc2JfVbL1wDzpP6RFcBO3bvUCO4sneCRIEWyvOoIkqtUruBjwjCu"
    "lqeh1hUsVXpvQ6X3Yh9XTgxh9OObHUuo+TupgtWJPg0EocSPMfaIdeKIV3B5xPBMOXvAx0"
    "1iCzcJnDsEi2yRB7R8ohPM7UQMRu9Z2hxWygAZAY+fgwDa8J6N21lhkGG/AhWL4tBqMdpV"
    "xifmFozLVNYyFOACvrzNludbiQKcH4EY52pxfFN0qiqfSgFQKQAVWHyT24y5KQCxA2HDxe"
    "DxwMoazjUvVZGaB6uWZpF7xlZM8ZyjJC1w2FajRWRvVznxNJkOo1aGrjO760ytRRLOVlh8"
    "p0MhXcU7WMqnUTpKhXSUgJELLKNRGrWOKrVEqSUVWzgXUksMf516JKZ1M7QkQY3OelVSRK"
    "QSmKGD+MphvvqBpcDWnO9psT63HWYtkIUpn1KLEapEzKpN2bNUDGTgAoelRbvXMGlg/xD9"
    "ubGkgedw4U8b3tPuDtiIav53DJIjrBF1Yqh8Sz1I4zlxBN6XwIwEIuJGOOu8j0XURQ/+mh"
    "K3f5Pc7d7BD+1OdrnbudslHyVKTQJzvcDXIF1qp2s7NKhOi8VKH86IlD5MxUn7r6UteEZI"
    "kk4dFlIkhQM+Lp6x1GeKYdC3hjLoJu7Eswd+8fNzduDnfg9+HPfw1597fq7OT7+4vXbndH"
    "tyc7NbrOfTzLSfbInEzE2Yc8fwXsz23nJiGpj042ZyTsXEIuLBxMQ0+J1Qi4GUE6qPsork"
    "gjz/4l3AtaWMhCH5BS0q2DEiJdVFcKb3sPJa2sQqKtpxgjrK9560k0QF/MnAccb2q2fPwk"
    "S8QC6DdLybm5vGj//4J/xz8+z2p4I9b//+32d0zJ+5qNqFB/ifH25/gpnCvu8/zQxFNsmd"
    "fOY78vHDBZFlyeCFBiD0OrPIXWxMWMcRl1duJiDvOhMQfh22L6ab+I2X/SUzPRfEbgUTAz"
    "5TsQkBcM7/UmVjqvCWnI8ytps5RbeC7t9hwS3kGBnRKdEFYffMmsoj45oEdgbyTyIPOtxo"
    "HS6d24j0Uln/cdLtybO65maXhSEBkktdav7oFqUn3Hwt7+qdZARdpti8S64HuDqDqi6/ab"
    "vp9pIFB+FfgWwvmsJTp3ytAbUH8BWMqW0/iKzzTfOVhQzSOq5mZSgNKUPMIqKbIlbVcqoi"
    "ckVqJKlqOZuplpPyaxQJQQbdTJMH5z0yFrI15m28zRaKYqGYUffQ59UEbMvgiuJR2xXLgi"
    "wEVxhbsQqsahaIkpUutLYcgG38mrjORmOYJ83uFG03j8TqPLybV1Omjt8VN++5I5F4LFzB"
    "jeoKVfSQ20dkmITn6dYFpDL9yi1m8e6gkeFZ9lqas3zLNOxTpnNZBYutM1gsd+OQv0XP3z"
    "qorXmePX+cESCcj7DXvYbo7u/tFfE4z67NlS6OYjqZB3D+6/rqMi9HOSBJGjp41yH/JWWW"
    "hNhMhB6CEbNmpMpxJStvNeNmCrzByWJ73tUvZt/+H0yqj7U="
)
