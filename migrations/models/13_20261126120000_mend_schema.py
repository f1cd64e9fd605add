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
            -- Keys could have 600 and 1020 characters; today a longer one than 255 is its hash.
            FOR found IN
                SELECT attname FROM pg_attribute
                WHERE attrelid = '"users"'::regclass AND attname IN ('username_key', 'email_key')
                    AND format_type(atttypid, atttypmod)
                        IN ('character varying(600)', 'character varying(1020)')
            LOOP
                EXECUTE format($sql$
                    ALTER TABLE "users" ALTER %1$I TYPE VARCHAR(255) USING
                        CASE WHEN char_length(%1$I) > 255
                        THEN encode(sha256(convert_to(%1$I, 'UTF8')), 'hex') ELSE %1$I END
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
    "eJztXYty27YS/RWM0pkmreLYeTfp9FZJnNa3TtxJlKbT2JeGREhizYdKQFE0af797oLvl0"
    "RKokwx6HQcCcQS1FlgsXuwAD93LEdnJj/oTY2+c8XszhPyuWNTi8GHzLUu6dDpNLqCBYIO"
    "TFmZTg1NYDVZTAdcuHQo4MqImpxBkc740DWmwnCwlU6PXLEFGSzIfGIMJ4QS7yoBIU5Gjg"
    "slM87cA3IC3zkbukwQg5Mr25nbKGZA8YTyCXFsc3GAberOEBo17HE9t5/Zxj8zBr9xzMSE"
    "udDIhwsoNmydfWIcv37ujAxm6vJzB++uGTpKwl+syT5NXcY5/H4eCAdIR+Bpvpz3/ycJ8W"
    "IqK3XkPQBW+eULyk+vNNlkQm1eo7JcC2TfvTt58VLWRKAG2tAxZ5Yd1Z4uxMSxw+qzmaEf"
    "oAxeGzObuVQwPaZMe2aavuaDIg8fKBDujIXA6FGBzkZ0ZmKX6Pw4mtlD7AkEW9JmwoB+Nn"
    "SsKRUHWPLoJ/85YzKa9vqsr7097mtaJ9Od8HlSXcAvGgLcgJlhC0T98xfvvhE6srSDDTz/"
    "tffm5r2HtyQeDhdjV16U2HW+SEEqqBbpOIJc/psBvQ/ayuAdVE0hDs+4DtZBQQR2NNwC5A"
    "JsakCzY9FPmsnssZjA17sPHkAVy7CjoiP8pVQI5sof/78P/zs//3R4ePEdfuDyM/x5/OD8"
    "fDZio9FFeP2b7FN1johwsBEynFA0LszlXWI7MKhNkzgjAsPSIgOT2lcH3lih1tT0hmbntT"
    "GeCHNBYBA6ruhcLOkHf/TeyK4ALcm+4EBbno177V+6613DPhH1ATl+NbQZ2Z7wHB44f/gl"
    "pbbTKVYPwJ11iYf3SwD98H4hzngpCTMfOniPDMQ916WLfIwjkRS+psHFHo66JZD2j//sf7"
    "hIQQaTG/44jYosbC/gijAslo9cUjKFnu6LHgQf9hDKDvxA/QymeH+ULIP25NXx237v1e/Y"
    "nMX5P6bEr9c/xit3ZekiVXrzYapnhzch70/6vxL8Sv46e32cnnPCev2/OvhMdCYcDXwTje"
    "qxAR2UBqgltG5SLtCbWEfvadktaN5/5KYofk8UHWCyVNMwpxlwuzX0nJRs4fhuk5pjEUVZ"
    "5z4msk0Pv7lKXeHDY8w0usp14RGqLLQvHZcZY/s35rkWJ/Ac1B7mOfB+sPzOv81+QhqVRh"
    "bbpfMwyIx3KPjt8IuZ8Bzc3tvnvRfHXlQ6oMOrOXV1LQE1XnHuOqmSsG72knXXSpdQm44l"
    "OPgr8Jl91J85cItODnfhXeguIy4GWKUcaVEMZ0VywODadDYwjeEqYsB7OC2sv4ITQHMRa0"
    "YYwmTlGAi/ISmxmntItZN0E0s3FolVbnE21ddpMRJT/ErTbHN3Cb+iIphCwFscwSQHeRWt"
    "JyWV1pui9Rw/13/6SOsfmYsmPKvyP6ILCWXHBFKaRj+mJt0e1aXYFOf5qzMnzkgwG9lN4r"
    "Kh4+pkTjmZu4aAYngSQgUZGS4XXUJtnTg2Ixa4rWRuiAlhdAh/dEMgQYqLGs7c9hY9Lo/7"
    "dHyJix5iAn8Mm/wzcwTjGe70aBlZevK6n2KbPKdwnVGblFScQ3MGadY2h65liSWPsK5a89"
    "jpmsd7NuCGYMSk4A1O6ljziD9sub6QklirRzRsWCc7xNEh/FfUA77J6OgYZi/AAO4PqgRD"
    "bs24IANGdDTjAzZCQ46WXxp4VPgrujgopUr5IIXK9K8m1RmFpRllvjTpOBvbxOunVDlwHL"
    "Ou0R0EPHUoE68P440kx+P7iQzwCUO9EW6MbabfhrkTiRFi0QVBx0xqTIacmUGJd12mvWdn"
    "Z6eJOeDZST+lw3evnh2DeqVqoZLhMTDZiRj05ORQWrnDMqzbvgH5KDUYb3w4vP0DvT3q3X"
    "558fnhlzyj2yOIx8wl4Gdd3nDd8XgwuMza1xt3R48P4eeVGY2PCkfio1t5xGQxjxbjuJg1"
    "gPlgYkxz1kOf+cIvf3vDTFpgb+MsWcuYy/RQgI6+IUrPvdHSUogM+6MhJAIbwnQS3qitUM"
    "HD+yTy+iid4j3aBFDt9L60T0UUf2C8VtD8MruudIJiZF+f+GmEcpafOPDMfoHrmAwibv+b"
    "N+WTE7gsGPjn6AZAvA4y4Lj97Rg2IJuXqlhfQznrEh/CpS55l87FsoUKD7WyaYwxjLVAcs"
    "tE+4ktKvDsOQSQ76s0N39qjI9w++7R/Uf3H997eP8xVJGPGZY8KkHHFFPp2JGysGKC2rE9"
    "szKrnAmMA9kmx/HgoUMYhQPCG1XSKdedzLArFcs9LBNnpWmYWJD1MB1hxcdT2RWkuIxaxU"
    "8BqpIi6kyKGATL5xtmRYTL8PsJ6sq0iPgQzc+LSPfZLYDasoAtjekGqSYR1JQjRWMxbHsj"
    "f71P+VVP3ozt43rhtbjtzwOTm/HZo1C62GGPxey7S8wJB/IKT9d/uLiXW09eTtDQbhJzgt"
    "Z2mJkTNKlSc1RqjkrSaML6r0rN+Rq1rlJzVGqOSs3Zv0GqUnP2MTXnxCZT10Gt8zrycqBL"
    "GflJOb/HriR6Qlxkd7a6diIdU3FS9HmXrEry6IM9l09NqOXYY2mcuTEwoTlQ8ch1LLwvGn"
    "FnJsiYTvkBectsHbN40MZPZ4LHJwWMPJmcAfjEGPnXHCzlT4mX6LNwbC9tBG5DLEZtHnzL"
    "dJ7DakZfpYHsTxqIWipQ3PaOQd0Ct12GiBWUX22Bgm0RzjVTrxaS3p1c7tW71F1Ovlohab"
    "479hU7Selkg+ARNV+qOlPpLzCUbSc6malWBtZvbacUbPALFQerOFjFxjUg0Fcc7NeodcXB"
    "tp+DhR8kfPerVEAe1m4hQxfslSrH0RVycEeHXbhPjIbLxuinjnPFydhxdBQA41bXFqqYC1"
    "vWBYqJqJi9Kel9DeOyamFAhB9Qb0iAtCwu76b4j9jwbFpqXzM76dqZfdA+ef3u9PS6TpGK"
    "7VzK4U2S+5qKqZPURqoyG01Mw76KzqqeTxzcXYrHT4NLIrdzcELDPR+4fICHxlY7DbuOJt"
    "bNreuWISViMFbYS5JiQuRNSrE88eYiKcWBNGou6y7hQFq/r6WHW8G8rS0LOWKbsqVlAdEr"
    "ePA55L4DuFK7YKkqJrbDowPCkt127C1u61fnjOd06+2fM463B0clZ82qcAtiXGQtqmU3/p"
    "wkTcAJWsitcWhJnsq7eK/FgGKwlwPmljUvW9mvmPCgq2C+Ed5rWZDDddGe0I9Mws30a8JW"
    "rRMUQ72fjHGZdQJ1PPg6M3aTtFwq7VPlC22Ze4wFjxUgTUopUFUS1u43GPt9cHdE5L7Cmh"
    "ysTTrR3jsfKIeGDA8OKmYgo/OJrmHjbLcMuec94fq8XvAStdIt4dfac7f8tnaYueW3qPK2"
    "9pOzVPFYIeAtjsdU3lbbtK7yttqft6Ve8dr0PZXv3DGmytWwnVJtoVNb6BR7o9ib691CJ4"
    "M9uQc5C3nVfXTq+OEKXMwbwOfUsIzc7XTRxe4yTgYx1kysVzIrLPKQuGMx7w0RUp55jhLg"
    "BJ/AvUHvBwkCmPvAN7J1Z/5UOlWyafSD3r0+Pfvll+MX2bSwmtqoSB0xW5dLTCu4jhiCmi"
    "+yLtVxxRbZIVScO+FXb13SBHg62/KVijkO9Besad7xi4Vr+nGRFh1Fsb11/GDEZCBdsZwb"
    "ibWQO9hfrsCjiDJ+1vUsPLz1zG/eVBdcWjrR8cB8l5rlevIVOrcNP3g3dC9wZ17+8bcQNP"
    "wtjMunhBKXQS/jAuKJmY3xvm3KZGacfuCrCzMZSOI5K3nZz/U0UnGeK7nfPABwvf3msZSN"
    "su1EItWaMikX+JB6lcbiQmqlolGB3rJZXK1UFE/u+8lZl1mpSIzwinpPyyrN75PmVc5ga/"
    "3MRmyv3SOlrk+Pqvc8bLIb9JoTsN7OBnJ/dF4c5F9aHgd5lZp8glbwiGufoFU1QSpscIcp"
    "UmGbKklKhR4tc0Va7ICqJKm2aV0lSbU/SUodPd/8NKkev/J2+no6ryNfygAPz8EWUX3ZAM"
    "ik46yrlBJpyZEAq06afz+Rbj0ewgLjUIfxm1GYfLxlStrm2QLq9DJ13la9kG5+3tb18AH9"
    "AjKgv5IJuAYawBuepYkAPygPhOp8n6FPOKz1NkMdEEC/vUpLgUzt3MbOiQ3FaihWQ8W3zY"
    "lvFavxNWpdsRrtZzXUaxO/hrVwxV01n7t6DyaCSbsh3WKwHiajvBYOK/7U5TpFSqJ9+/+C"
    "4/qLT+dPKKs/d8gUVDx26XTCpSX3OcfaTt9X770k6r2XwQCOsQWV5uyY3N7M2Egk4zYtYs"
    "24AFgjKvnrmsSnruHAHFGwvWv1SdBx+d3N7Z3Ts/cV6QvpRs/kjndv8aAhp0EDrmKWs9mr"
    "HPyR9A7B75+9OFsH/RGV6zZ4hv7QscqOtroVoM4q2M+zChKUfVkqNiGklt+WL7/5sGXgrb"
    "wA9zy80X7CunIJLtGt1j+wIP4S2fWPK4i9r7YlcCcnzFie8PogxVKS2wgS5biDcwudCVdr"
    "e/JmbB9J8lJgqXNCrumckETnKkgViHe+5SkDGvWrltxK/X7iEEpQEhlwXxhfd/gEii2Gr3"
    "SAKHzaJdyBEJvKsAFPBCDzic/Fe5WIyehHlo0namkgJ6/hQ5gnE92zc7Es2yGqV2J7dRJa"
    "LSG7zfXzwtMtcp21HKrJn5g3WzevnWfa9FCL4hXypFbL45uRaxGrt70jRFSmn8r0u+4wo9"
    "KbNWOTwebAygPnWr6vMmMHm5ZNWXjEfcLxXOEkVTjrHt+CibU958T3ZAaMujm+zvKqS70W"
    "KbjcYZFVyvoq/hnvgYzyURrko4SKrDCNxmXUPKrcEuWWNGzirOSWmME8tSGmbSNa0qDGrV"
    "6THBHpBOb4IIFzWOx+4LkVO97W4bKxwQVzK+wSkE+pJQTVRoGmmexlLgYqsMK7B+LVW5ic"
    "ePQAE5sSyYn3oOBvDr+TDyfMolrQj2HkOK5FRQKVL5kH6dzDfES4LwGLhMmIMl9JN8YytX"
    "gkX4jr1e+Sy4NL+KNdyiqXty+fEg+lLplNp8yVxaYzh09DyjG7CROjkPjk1Mpu7OxQnZZL"
    "hHuwJA3uQSYJLvixWsVjjtNy6rzjMnmi0OWMHAcgd3CGdVs4Mr204WRq6M9BdvBt+Hs0gj"
    "+PRvjxh1GQKfz9z16tgxXVbp6fH5SreSs36bgniAV2Nyfv2GZh0jG+DRDTHVm1cU1ObKjB"
    "52g7vH3ciBfcwsQUZa9kgXklztwmjoufCZV5kYTqYMpyDcPPfgFOXXWkN8uuWNVCJISUeS"
    "iDM/0IE7urzdyyNiIp0EZDcShpmLiluDkRYsqf3LkT7ScIB3i4q+D8/Lzz7Y8/wT/ndy6+"
    "L1nz4rt/79CpccdDlZdu4D83Lr4Hk8M/jm/lmRNMlJ4aQzFz2RMcx5fyB4BfoOtyX4I8Xg"
    "N+4QSsgA5m4zLxEJcH5JSNBMEkaqjpgebZCZkgDSZJh+DJ9jKusSiYmrOmInFjsBv4yOXs"
    "BaihuCPLi5lDPaS5ygl2Cw70CKt/ZYd5BBojFl0Q3SHsI3MX8u0aXVCu95XId8Jc62EfE8"
    "onEBBOKedzJ+89PsUTQY5oGy1VHRNCJoavsjchI6w2Ajdle0KZ7d9qI/D+bQTO0OllMl9h"
    "UtbkyyU2TMHrTY0+3mYPh3GpVMVojXpDoNq4oJ/aHrDbXOqGbe4ohRHG70IisCFMJ+GN2t"
    "qd4m/p2SDrPHohUFtAqnOtqccgfJh0clab/CvdZetNNKpT54KTSiDZZQJJoUdYHHsV+4Qq"
    "5ioi4aY5SYPFCPvVW4ju0eFhuYMXlh27kN25aAvfqUgi/N+3Z6+L9i2GIukI1hgK8i8xIc"
    "zdQ7SXgItgJMLUANObr3p/puF+fnr2LB1/4g2eVQtItj+Zffk/lfoo9A=="
)
