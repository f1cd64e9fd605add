"""Mend databases that had a migration before it was changed, in the first days.

Nothing happens to others: their schema is already that of migrations/schema.txt.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


def place(column: str, *values: str) -> str:
    """As migration 8 puts it."""
    cases = " ".join(f"WHEN '{value}' THEN {n}" for n, value in enumerate(values))
    return f"""(CASE "{column}" {cases} END)"""


STATUS = place("status", "TODO", "IN_PROGRESS", "DONE", "REJECT")
PRIORITY = place("priority", "LOW", "MEDIUM", "HIGH")


async def upgrade(db: BaseDBAsyncClient) -> str:
    return rf"""
        ALTER TABLE "invitations"
            ADD COLUMN IF NOT EXISTS "by_admin" BOOL NOT NULL DEFAULT false;
        DROP INDEX IF EXISTS "tasks_priority_status_id_idx";
        CREATE INDEX IF NOT EXISTS "tasks_status_priority_id_idx"
            ON "tasks" ({STATUS}, {PRIORITY}, "id");
        CREATE INDEX IF NOT EXISTS "tasks_status_due_date_id_idx"
            ON "tasks" ({STATUS}, "due_date", "id");
        CREATE INDEX IF NOT EXISTS "tasks_status_created_at_id_idx"
            ON "tasks" ({STATUS}, "created_at", "id");
        CREATE INDEX IF NOT EXISTS "tasks_status_updated_at_id_idx"
            ON "tasks" ({STATUS}, "updated_at", "id");
        DO $do$
        DECLARE
            found record;
            mended text;
        BEGIN
            -- Keys could have 600 and 1020 characters; today of a longer one than 255 there is
            -- a hash, in the form that migration 11 left of those that were hashes before.
            FOR found IN
                SELECT attname FROM pg_attribute
                WHERE attrelid = '"users"'::regclass AND attname IN ('username_key', 'email_key')
                    AND format_type(atttypid, atttypmod)
                        IN ('character varying(600)', 'character varying(1020)')
            LOOP
                EXECUTE format($sql$
                    ALTER TABLE "users" ALTER %1$I TYPE VARCHAR(255) USING
                        CASE WHEN char_length(%1$I) > 255
                        THEN 'sha256:' || encode(sha256(convert_to(%1$I, 'UTF8')), 'hex') ELSE %1$I END
                $sql$, found.attname);
            END LOOP;
            -- Words were parted at all punctuation.
            FOR found IN
                SELECT relname, pg_get_expr(adbin, adrelid, true) AS expression
                FROM pg_attrdef JOIN pg_class ON pg_class.oid = adrelid
                JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
                WHERE attname = 'words' AND attgenerated = 's'
                    AND relnamespace = quote_ident(current_schema())::regnamespace
            LOOP
                mended := regexp_replace(
                    found.expression,
                    $re$'!"#[^\n]*?'::text, repeat\(' '::text, 32\)$re$,
                    $re$'&+-./<@_~'::text, repeat(' '::text, 9)$re$,
                    'g'
                );
                CONTINUE WHEN mended = found.expression;
                EXECUTE format(
                    'ALTER TABLE %I DROP COLUMN "words", '
                    'ADD "words" TSVECTOR GENERATED ALWAYS AS (%s) STORED',
                    found.relname, mended
                );
                EXECUTE format(
                    'CREATE INDEX %I ON %I USING gin ("words"%s)',
                    found.relname || '_words_idx', found.relname,
                    CASE found.relname
                        WHEN 'tasks' THEN ', (ARRAY["status"]), (ARRAY["priority"])' ELSE '' END
                );
            END LOOP;
        END $do$;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return ""


MODELS_STATE = (
    "eJztXQlz27YS/isYtTNNW8Wxczfp9FVJnNavTtyJlabT2I+GREhizUMloCiaNP/97YL3JZ"
    "GSKFMMOh1HArEE9S2O3Q+L5aeO5ejM5Ae9qdF3rpndeUI+dWxqMfiQudYlHTqdRlewQNCB"
    "KSvTqaEJrCaL6YALlw4FXBlRkzMo0hkfusZUGA620umRa7YggwWZT4zhhFDiXSUgxMnIca"
    "Fkxpl7QE7gO2dDlwlicHJtO3MbxQwonlA+IY5tLg6wTd0ZQqOGPa7n9jPb+GfG4DeOmZgw"
    "Fxp5fwnFhq2zj4zj10+dkcFMXX7u4N01Q0dJ+Is12cepyziH388D4QDpCDzNl/P+/yghXk"
    "xlpY68B8Aqv3xG+em1JptMqM1rVJZrgezbtycvXsqaCNRAGzrmzLKj2tOFmDh2WH02M/QD"
    "lMFrY2Yzlwqmx5Rpz0zT13xQ5OEDBcKdsRAYPSrQ2YjOTOwSnR9HM3uIPYFgS9pMGNDPho"
    "41peIASx795D9nTEbTXp/1tfPjvqZ1Mt0JnyfVBfyiIcANmBm2QNQ/ffbuG6EjSzvYwPNf"
    "e29u3Xv4rcTD4WLsyosSu85nKUgF1SIdR5DLfzOg90FbGbyDqinE4RnXwTooiMCOhluAXI"
    "BNDWh2LPpRM5k9FhP4evfBA6hiGXZUdIS/lArBXPnj//f+fxcXHw8PL7/DD1x+hj+PH1xc"
    "zEZsNLoMr3+dfarOEREONkKGE4qTC3N5l9gODGrTJM6IwLC0yMCk9vWBN1aoNTW9odl5bY"
    "wnwlwQGISOKzqXS/rBH703sitAS7IvONCWN8e99i/d9a5hn4j6gBy/Gs4Z2Z7wHB44f/gl"
    "pbbTKVYPwJ11iYf3SwD98H4hzngpCTMfOniPDMQ916WLfIwjkRS+psHFHo66JZD2j//sv7"
    "9MQQaLG/44jYosbC/gijAslo9cUjKFnu6LHgQf9hDKDvxA/QyWeH+ULIP25NXxeb/36nds"
    "zuL8H1Pi1+sf45W7snSRKr31MNWzw5uQdyf9Xwl+JX+dvT5Orzlhvf5fHXwmOhOOBraJRv"
    "XYgA5KA9QSWjcpF2hNrKP3tOwWNO8/clMUvyeKDjBZqmlY0wy43Rp6Tkq2cHy3Sc0xj6Ks"
    "cR8T2aaF31ylrrDh0WcaXeea8AhVFtqXjsuMsf0b80yLE3gOag/zDHjfWX7r32Y/IY1Kox"
    "nbpfPQyYx3KPjt8IuZ8Azc3vnz3otjzysd0OH1nLq6loAarzh3nVRJWDd7ybprpUuoTccS"
    "HPwV+Mw+6s8cuEUnh7vwLnSXERcDrFKOtCiGsyI5YHBtOhuYxnAVMeA9nBbWX8EJ4HQRa0"
    "YYwmTlGAi/ISmxmntItZM0E0s3FolVbnE21ddpMRJT/ErT5ubuEn5FeTCFgLfYg0kO8ipa"
    "T0oqrTdF6zl2rv/0kdY/MBen8KzK/4guJJQdE0hpGu2YmnR7VJdiU5znr86cOCPBbGQ3ic"
    "uGjquTOeVk7hoCiuFJCBVkZLhcdAm1deLYjFhgtpK5ISaE0SH80Q2BBCluajhz29v0uDru"
    "0/EVbnqICfwxbPLPzBGMZ7jTo2Vk6cnrfopt8ozCdUZtUlJxDs0ZpNm5OTQtS2x5hHXVns"
    "dO9zzesQE3BCMmBWtwUseeR/xhy/WFlMRaPaJhwzrZIY4O4b+iHvB1RkfHsHoBBnB/UCVM"
    "5NaMCzJgRMdpfMBGOJHjzC8neFT4K7o4KKVK+SCFyvSvJtUZuaUZZb406Tjr28Trp1Q5cB"
    "yzrtEdODx1KBOvD+ONJMfju4l08AlDvRFujG2m34a1E4kRYtEFQcNMaky6nJlBiXddpr1n"
    "Z2eniTXg2Uk/pcO3r54dg3qlaqGS4TEw2YUY9OTkUFq5wzKs274B+Sg1GL96f3j7B3p71L"
    "v98vLTw895k26PIB4zl4CddfWV647Hg8FVdn796u7o8SH8vDKj8VHhSHz0bR4xWcyjxTgu"
    "Zg1gPZgY05z90Ge+8Mvf3jCTFsy3cZasZcxleihAR98QpefeaGkpRIb9wRASgQ1hOglv1F"
    "ao4OF9Enl9lE7xHm0CqHZ6X85PRRR/MHmtoPlldF3pAMVofn3ihxHKVX7iwDP7Ba5jMvC4"
    "/W/ekk9O4LJgYJ+jGQD+OsiA4fa3Y9iAbF6oYn0N5exLvA+3uuRdOpfLNio81MqGMcYw1g"
    "LJLRPtJ7aowLPnEEC+rdLc+KkxPsLtu0f3H91/fO/h/cdQRT5mWPKoBB1TTKVjR8rCigFq"
    "x/bMyuxyJjAOZJvsx4OFDm4UDghvVEmjXHcyw66UL/ewjJ+VpmFiTtbDtIcVH09ld5DiMm"
    "oXPwWoCoqoMyhiEGyfbxgVEW7D7yeoK8Mi4kM0Py4i3We3AGrLHLY0phuEmkRQU44UjcWw"
    "7Y3s9T7l1z15M7aP+4U3YrY/D6bcjM0eudLFBnvMZ99dYE44kFdYuv7Dxa3ceuJygoZ2E5"
    "gTtLbDyJygSRWao0JzVJBGE/Z/VWjOl6h1FZqjQnNUaM7+DVIVmrOPoTknNpm6Dmqd1xGX"
    "A13KyA/K+T12JdET4iK7m6trJ9IxFCdFn3fJqiCPPszn8qkJtRx7LCdnbgxMaA5UPHIdC+"
    "+Lk7gzE2RMp/yAnDNbxygenOOnM8HjiwJ6nkyuAHxijPxrDpbyp8QL9Fk4thc2ArchFqM2"
    "D75lOs9htUlfhYHsTxiI2ipQ3PaOQd0Ct12GiBWUX2+Bgm0RzjVTrxaS3p1c7tW71F1Ovl"
    "ohab479hU7Selgg+ARNV+qOlPpbzCUbSfKzFQrA+u3tlMKNviFioNVHKxi4xrg6CsO9kvU"
    "uuJg28/Bwg8SvvlVyiEPa7eQoQvOSpXj6Ao5uKPDLtwnRsNlffRTx7nmZOw4OgrA5FbXEa"
    "qYCVvWBIqJKJ+9KeF9DeOyamFAhO9Qb0iAtMwv76b4j9jwbFpoXzM76dqRfdA+ef329PSm"
    "skjFTi7l8CbJc03F1EnqIFWZgyamYV9HuarnEwdPl2L6aTBJ5HEOTmh45gO3DzBpbLVs2H"
    "U0sW5sXbcMKRGDscJZkhQTIm9SiuWJNxdJKQ6kUWtZdwkH0vpzLT08CuYdbVnIEduUIy0L"
    "8F7Bgs8h9x3AldoFW1UxsR2mDghLdtuxt3isX+UZz+nW288zjrcHQyVnz6rwCGJcZC2qZT"
    "f2nCRNwAhayKNxOJM8lXfxXosBxTBfDphbdnrZynnFhAVdBfON8F5rBjlcF+0J/cAk3Ey/"
    "IWzVPkEx1PvJGJfZJ1DpwddZsZuk5VJhnypeaMvcY8x5rABpUkqBqoKwdn/A2O+DuyMi9x"
    "XW5GBtUkZ7Lz9QDg0ZJg4qZiCj/EQ3cHC2W4bc855wfV4veIla6Zbwa+2xW35bO4zc8ltU"
    "cVv7yVkqf6wQ8Bb7Yypuq21aV3Fb7Y/bUq94bfqZyrfuGEPlajhOqY7QqSN0ir1R7M3NHq"
    "GTzp48g5yFvOo5OpV+uAIX8wbwOTUsI/c4XXSxu4yTQYw1E+uVjAqLLCTuWMx7Q4SUZ56h"
    "BDjBJzBv0PpBggDWPrCNbN2ZP5VGlWwa7aC3r0/Pfvnl+EU2LKymNipSR8zW5RbTCq4jhq"
    "Dmi6xLdVyzRXYIFcdO+NVbFzQBls62bKVijgPtBWual36xcE8/LtKiVBTb28cPRkwG0hXb"
    "uZFYC7mD/eUKPIooY2fdzMbDuTf95i11waWlCx0Ppu9Sq1xPvkLntuE774buOe7Miz/+Bp"
    "yGv4Vx9ZRQ4jLoZVyAPzGz0d+3TRnMjMsPfHVhJQNJzLOSF/1cTyMV17mS580DANc7bx4L"
    "2SjbTiRSrSmTcoEPqVdpLC6kdioa5egtW8XVTkXx4r6fnHWZnYrECK+o97Ss0vw+aV7FDL"
    "bWzmzE8do9Uur69Kh6z8Mmp0FvOADrfDaQ56Pz/CD/0nI/yKvU5AxawSOunUGraoBU2OAO"
    "Q6TCNlWQlHI9WmaKtNgAVUFSbdO6CpJqf5CUSj3f/DCpHr/2Tvp6Oq8jXsoAC8/BFlF9WQ"
    "fIpOOsqZQSaUlKgFWZ5t9NpFmPSVhgHOowfjMKk4+3TEnbzC2gspepfFv1Qrp5vq2b4QP6"
    "BWRAfyUTcAM0gDc8SxMBvlMeCNX5PkOfcFjrbYY6IIB2e5WWApnauY2dExuK1VCshvJvm+"
    "PfKlbjS9S6YjXaz2qo1yZ+CXvhirtqPnf1DqYIJucNaRbD7GEyymvhsOJPXa5TpCTad/4v"
    "SNdfnJ0/oaz+3CFTUPHYpdMJlzO5zznWln1fvfeSqPdeBgM4xhZUWrNjcnuzYiORjMe0iD"
    "XjAmCNqOQvaxGfuoYDa0TB8a7VmaDj8rtb2zunZ+8q0hfSjJ7JE+/e5kFDskEDrmKWc9ir"
    "HPyR9A7B75+9OFsH/RGV+zaYQ3/oWGVHW90KULkK9jNXQYKyL0vFJoTU9tvy7Tcftgy8lT"
    "fgnoc32k9YV27BJbrV+gkL4i+RXT9dQex9tS2BO7lgxuKE1wcpFpLcRpAoxxOcW+hMuFvb"
    "kzdj+0iSlwJL5Qm5oTwhic5VECoQ73zLQwY06lcteZT63cQhlKAkMuC+ML7u8AkUWwxf6Q"
    "Be+LRLuAMuNpVuA2YEIPOJz8V7lYjJ6AeW9SdqaSAnruF9GCcT3bNzuSzaIapX4nh1Elot"
    "IbvN/fPC7Ba5xloO1eQvzJvtm9fOM22a1KJ4hzyp1fL4ZuRaxOptL4WIivRTkX437WZUer"
    "NmbDHYHFiZcK7l5yoz82DToikLU9wnDM8VRlKFXPf4Fkys7RknviUzYNTNsXWWV11qtUjB"
    "5QaLrFLWVvFzvAcyykZpkI0SKrLCMhqXUeuoMkuUWdKwhbOSWWIG69SGmLaNaEmDGp/1mm"
    "SISCMwxwYJjMNi8wPzVuz4WIfLxgYXzK1wSkA+pZYQVAcFmjZlLzMxUIEV3j0Qr97C4MSj"
    "BxjYlAhOvAcFf3P4nXw4YRbVgn4MI8dxLSoSqHzOPEjnHsYjwn0JzEgYjCjjlXRjLEOLR/"
    "KFuF79Lrk6uII/2pWscnX76inxUOqS2XTKXFlsOnP4NKQco5swMAqJT06t7MHODtVpuUC4"
    "B0vC4B5kguCCH6tVTHOcllP5jsvEiUKXM3IMgNzBGdZt4cj0woaToaE/B9HBt+Hv0Qj+PB"
    "rhxx9GQaTw9z97tQ5WVLt1cXFQrua3uUHHPUEsmHdz4o5tFgYd49sAMdyRVRvX5MSGGnyO"
    "c4d3jhvxgluYGKLslSwwrsSZ28Rx8TOhMi6SUB2mstyJ4We/AJeuOsKbZVesOkMkhNT0UA"
    "Zn+gEWdlebuWXniKRAGyeKQ0nDxGeKWxMhpvzJnTvReYJwgIenCi4uLjrf/PgT/HNx5/L7"
    "kjUvv/v3Dp0adzxUeekG/vPV5fcw5fAP42/zphMMlJ4aQzFz2RMcx1fyB4BdoOvyXIJMrw"
    "G/cAKzgA7TxlXiIa4OyCkbCYJB1FDTA82bJ2SANExJOjhPthdxjUXB0pydKhI3hnkDH7nc"
    "fAFqKO7I8mImqYecrnKc3YKEHmH1LyyZR6AxYtEF0R3CPjB3Id+u0QXlel+JfCfMjSb70A"
    "2OSK91ri0puj9h8ueGPWRRQILU0pDa3wiZIh4sgKfe4u0lfYcqC7x8QM4nuHiDoyD7NBoO"
    "WEum0cFTS/JIwxcYbj+hfAK9YEo5nzt5r4IqtiVyRNu42NVhU2RooCpDNyOszpI3ZciVyS"
    "CgzpLv31nyzI5MmeBpsOs0+X6SDaM4e1Ojj7fZw2FcKto1CnPYEKg2xoSkTpjsNhy/YeeD"
    "SmGEFJCQCGwI00l4o7Z2p/iLnjY4uBC9U6otINW5Xdlj4IFOOjkblv6V7rItSxrVqXPPUs"
    "Ug7TIGqdAiLPa9im1C5XMV8bjTnLjTYoT96i1E9+jwsFzujmWZO7KHX23hGxVJhP97fva6"
    "6OhrKJL2YI2hIP8SE9zcPUR7CbgIRsJNDTC99ar3Zxru56dnz9L+J97gWTWHZPuL2ef/A7"
    "rW47w="
)
