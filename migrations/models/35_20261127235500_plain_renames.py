from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# A change of a column that a foreign key could refer to locks the row as its deletion does, and who
# is renamed would be passed over as who is deleted. No foreign key can refer to a partial index.
KEYS = """
        ALTER TABLE "users" DROP CONSTRAINT "users_username_key_key",
            DROP CONSTRAINT "users_email_key_key";
        CREATE UNIQUE INDEX "users_username_key_key" ON "users" ("username_key")
            WHERE "username_key" IS NOT NULL;
        CREATE UNIQUE INDEX "users_email_key_key" ON "users" ("email_key")
            WHERE "email_key" IS NOT NULL;"""

# As before, but that who stays assigned to a task that moves isn't notified.
NOTIFY = """
        DROP TRIGGER "events_notify" ON "events";
        CREATE TRIGGER "events_notify" AFTER INSERT ON "events" FOR EACH ROW WHEN (
            NEW.kind IN (
                'comment.created', 'comment.deleted', 'board_comment.created',
                'board_comment.deleted'
            )
            OR NEW.kind = 'task.assigned'
                AND current_setting('corkboard.moves', true) IS DISTINCT FROM 'on'
            OR NEW.kind = 'member.added' AND NEW.after ->> 'role' <> 'CREATOR'
            OR NEW.kind IN ('comment.updated', 'board_comment.updated') AND NEW.after ? 'content'
            OR NEW.kind IN ('task.updated', 'task.moved')
                AND NEW.before -> 'due_date' <> NEW.after -> 'due_date'
        ) EXECUTE FUNCTION "notify_of_event"();"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {KEYS}
        {NOTIFY}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    # The trigger that it replaced is the same but for that.
    return """
        DROP INDEX "users_username_key_key", "users_email_key_key";
        ALTER TABLE "users" ADD CONSTRAINT "users_username_key_key" UNIQUE ("username_key"),
            ADD CONSTRAINT "users_email_key_key" UNIQUE ("email_key");"""


MODELS_STATE = (
    "eJztXYtz2zbS/1cwameSXBXHcmwnTW7uO9lWUrV+dGK76Xexj4ZESEJNESpJWVEf//thwf"
    "dTpCxKFI1Ox7EBLED+lgAWi3382RgzlWjmTntCr9g90Rvv0J8NHY8J/yVW10QNPJn4NVBg"
    "4Z4mGuMJVSxoJopxz7QM3Ld4zQBrJuFFKjH7Bp1YlMEojTa6J3PUm6PZiPZHCCO7FnEiEw"
    "2YwUumJjF2UJf/bZK+QSxETXSvs5kOZJQXj7A5QkzX5jswpsr6fFCqD8vpfqrT36eEv+OQ"
    "WCNi8EG+3PJiqqvkKzHhzz8bA0o0VfzegN4VqgIl/wktydeJQUyTv7/pErtI++ApDp39/1"
    "cB8XwiGjVEHxxW8cffQD+5V8SQIbbZg4pyxaW9vu6efBAtAaie0mfadKz7rSdza8R0r/l0"
    "StUdoIG6IdGJgS2iBpipTzXN4bxbZOPDCyxjSjxgVL9AJQM81eCTaPxzMNX78CUgGEmZWp"
    "R/Z302nmBrB0re/Mt5zgCNopxfXCmXnStFacQ+J3ieyCfgFPU53BwzqluA+p9/2/366IjS"
    "Bgxw/EP70/PXhy8EHsy0hoaoFNg1/haE2MKKz2MfcvFvDPQrzq0Y3m7TCOL8GZfB2i3wwf"
    "anm4uci00JaDbG+KuiEX1ojfifewcHvMmY6n5RC94UWxYxxMv/98t/b26+7u7e/gN+McXv"
    "/Mfbg5ub6YAMBrde/bfxp2qcTU0L6cxCPYJ6Gtbvd+wpgccTzZ6BjXM6HFnaHPG5xgyrcZ"
    "vB7l/anwTH+VMLljO+XtlL2blTtWfXAet9VotpqsDSEGf48QgbybMsTLUa3i+eZ2vj/OF+"
    "DqAP91NxhqowzGafQR8xiNuGgefJGPskEXw1alpbOLkyIL3q/Hr15TYCGd/D4OUUbMVhO+"
    "E1Fh2TZOTClBH0VId0x/1lC6Fs8BdUL/hO7sySLGi7Z53Lq/bZzzDc2DR/1wR+7asO1OyJ"
    "0nmk9Plh5Mv2OkGfu1c/IPgT/efivBPdWrx2V/9pwDPhqcUULoIoWA1MaLfURS3EdQ2bFg"
    "gNy/A9SrsCzjuPXBXGbwmjXUwyOc33NMq7W4LPYcoazu86sTlwcMgrwwdIVinIV5epC0R1"
    "OBoN7hMldYAqDu0HZhA61H8itmjR5c+B9X6SnO6cia+dbrYTUr/UX7ENPPPOksEPir87f2"
    "Ni2QJu+/K4fdKxD5893L+fYUNVQlBDDdtjkRKvbbxqvDeOlmAdDwU48BbwzA7qR4x30UhQ"
    "UdgVzSz9RA+a5NNNpMNZUAdATWUy7Wm0v+j8bz+c4rVfcPSH5SIwjEUtjSjMUO1vcrG6wR"
    "kuQLdY3RAZMywy5h7SJys84nSiLjOiTyZVKlVbp5sZKhV5mkkFvManmfAkL8L1MKXkelW4"
    "niDzOk/vc/2BGLCEx1n+i18RYnaAIMJpkGlK4m2rLMZG1JzHbMprEBcwUH+E9SExm2hgsD"
    "Fq7aCujn6fMouYiIr7Cmh017nCw7uYLrSVpfzsnl+laI968yJbXZjqEVveyvQGl79rJ/Zf"
    "z2/EAHTwvD81DKJbikksi3Pi+bM+M+6FfLDD5UBmPGuK8V800bNnL969g+e+abzY0JYYXw"
    "yLsSRMJVmyUpbYR6Fl9qcwpdS0VWc7iksh2OiP6MNSbI6Qbg2fG59HRIdNZYZN5L5EEzFD"
    "9BW7X6//NyAOx3HuJ97pem3lpW4Zl7qfSc+kFkEa5kfcUSmXumENSpjll8ywfiLzZK77RI"
    "t578zkCrN+wZVjaO66gD4/a//6IjR/Ty/OP7rNAww4Pr04im2n/mPmm2oRiqUmXMV2zvB8"
    "a+3y/9Im2LexudHhRyGOAe+fnwWwhcYwnfhUUpnO5xMZMIOIQ8KAGryCDdAZnu/kmkLiQV"
    "InkVMbZqev74wx84OGh3FFWbB9hJU9xrSyFk9Xe1YGM6G+Hxwkts2C5hgR4Bsy6VAn6kuq"
    "C2M0NMZzBKd8wTFbGI4yHHrN4t7RxcVpaJoedaPz8PrsqMPZK1jLG1FbtR8/EXLuWIQPzM"
    "HPz88gxRo56pVskKUe05yDOcw8BnOxzyaUxFkpnnlNvHygZEYMU+ljnfNrPCZ6gmSbyNMU"
    "yifG21+6nc+dT6aYoQ4KG+Un5w9LEFUSt0yvbf02yzeRjfKbL7svv8cvB+2XH27/PPw7Sd"
    "5sI8BjajQRP+jcfWMYw2GvF9eeNb7ZG7zd5e+XZ6t8k7pNvolukRodU8tUsEH4YeSBmsxI"
    "UO4kTsQUyic2Ee8sbN4rAos7YZvND6yGbm50MsJBXvmDC1y5j4uB9us7Mjaur44ba5mWh/"
    "sJ805H3fZ5G8HLI3j5JuJij22dr065wIrnJiJ6fJtsdKYGm5BXR8TQqJ5rPi60NI0ZiKTb"
    "MwTXXLHuJxilHjmUH376RLjwk3w2CZoqHPsb6ZYpB9IsSEITYkzGPS4zjOhkFWDVzNYmuo"
    "/zReGRKB3bK0tNIaL6A7UEAo+Eqet1VFeo+MM7Zk/Lo3QKfdQVoPHUSnIqKILP2dTaRuuB"
    "XPDozKID2l/FZDsPdFUnuEo3b3RFgzQrx4DosMDYUQkKLOszerTHzuv5GH5SxSUubh3oWK"
    "wWG853tizb9NEfc90mkIG3laaQ0hRSGsWFTv3SFFJyXZpCFuVtzU0hmW4lXpCkqNe91jU0"
    "/3Cvo/MZgCQp3FtwC9babfJ+gIkghPJPNq7mO2Xs3kRDxlQg4AtUWbfUQQE1rxwTpJEudl"
    "E71U15LFbsbqoUh8We69r2SI9Fz0VuOz/RhS6LwRma7LMY/WRXAGpO1XQ1v9OlvUD5+Oj8"
    "+vR0o26gAvo0JYnLl0UaEnjD3PGq/FuNd869lTDaGTH+zE6BwTSCmHutZVvwoC6vtoimCQ"
    "lFmAuCHdZvjOqcSUmRq8obKEGV88WbC/ZKc7tq3Y7AuIBip5DmoatbBRQPCRJxDpvMzcbZ"
    "GcIjvNxr7b/Zf/v6cP8tbyIe0yt5k0O2TdctwIcUhxUCGXX06Ti2DIYwdmmrLPY2PoNVJE"
    "wIe1YJCx6V5TRoj8jCh3kE0ujhMSCNHkpRtK6iaH3glLJorWXRbcX0ESFJAo5dJlhcr8CK"
    "5wqb923RGdlGBepGrjeP3SU3JrP7BizpAnvAUmYDd5kLJF3n4YJSbpnxW9zh1hnAxR1zjd"
    "eX7pDy3lLeW8obrCrcYMl7y6fIdXlvuSX3ljKES9XihcgQLpVjiQzh8hTCd8gQLjKEiwzh"
    "UpkQLlzomRgMmGvK+C2bWcHLiN9icGbHAf/klIYvC53CNfq7+voUR88Iz2D/hDVjE9qUUr"
    "gggwFsaTAA35c9gXu87tStCq9bIaqlDs9V46MwcoA9STyda3O6ICTAD2yGxlifIwBEnKbh"
    "bn+EH4gdCgnz08kzK0USCrL3oNgxW17ay1vmKtyILr5lznMlKiZPHO2il6E1wrnkS9BU98"
    "5cnp2b8ekUW05esz/P39ChKsuXc71enJvw35Sem/IGVN6FVUrxJG9AnyLX5Q3oltyASs/N"
    "OntuBsTQvGJMgESeu6tiLF8x9VMpWgzLORQ/UolRs7N1M6LDCEzPqhnKV/Mj3Vqnzc5Dit"
    "rDrmhmKT3IQ26VB6j0hbwBro8YGWzWRDOD8h1PR725EDU4zsMh38igBQUZBYZBz8d0aAhF"
    "F7pxBrxpvEhyz1xp/zf6jS5c1LgoBMDYIaZ7hG+nOtlBVyNmOkPZocWFepuqJgRPDbl58j"
    "+oIWJT8zHTnD0jOp5CqoIjOnwq3pbf7+29fv1mb/f14duD/TdvDt7uem6X8aos/8uj7kcQ"
    "UkMyzmKfzA1eMFRz0XuknLMxsbGWaArbvoJwBmkknmE87/nTx7HM54Ht0lb5+Gp7YI/47s"
    "4fR13K8Xp/N8d5cj/9MLkfO0kapM+SLhkB9uRP2KeoMtjLWojlAXgvHeC9FIALLhMhInlc"
    "j9odiGxOcTx/vLw4TxEKPIqoKpn2LfQX0qi5hdYiGWgCFCF1ccy8KmpJFYEdOoiaV+GBlX"
    "TuTIfdI5CoL4+6Qfhrm1biCpK1Sgep6mfj1tp7m0e1uvc2XbEKdcl+Q/KWsi73VWm3lDF9"
    "5QZ1Qads2EhTB0Fdc6FGSNGcZguVQlcjIrQrjqIEgcUF7wDxDpoI60ykFoKMiWLpBr0OX0"
    "T41gmVKppO4F5jBt4V2In5YNqKmB4hekxDVOZgN7odo5+o0LudN8ci5juhaBLpkAw2e6z2"
    "h0xYf1REbvMINmouIixE9rfMQsRlpzLVLaoVXX/j1DVcg7dkzU11SarIottVyXjCLKL35+"
    "ANk7D0RlpkLsDUb6vck3lu5bwjoNkW2uCopopUYLDyjdjM817TzRkxiPoezSj/nqeW0H+r"
    "c0QHNiU1wbT7nkysJA19OYNkBk/kGGSHTgyISgus/qLQhi0OV2b6J/X569Ln35ME7+/0M4"
    "zTvI5qpoOD1fv+uUe+ETYThJbFR0WXroZ4H+7ngHthskR5VHwSYkqQzaaFrWmCV8jlGGta"
    "6q7hU9XHKe3l6703h95uAX9k7Q+XZ+3T0ySPMTVhBwCbxLTLXHX5LaBiMK7bGZZYdu7kvN"
    "uA274OWJe9+mvMT+iXF98gTf0wLkWicW05EhbgtmHgebYFSNICXLsrB9CsfLmtij3rFoki"
    "yxu0yjDFjzG/zOGTW6ryx899nKT4CWVGzlD6hFMx59H3aFS/B8NIO1HFbMTIA6SywML3A1"
    "JTmK5p4w7qgrEku4cgRia657KpMKkEzTac0YR6O0nbU8YQpeY8DcC4fMJT0UkuP9ngcD6V"
    "9CKt1MLbzNAf1T5HRxvS2thpOuZixlYlPcecH5rHNEHePWIcV6ynSGIBsgjuPU5XFvBeyX"
    "o/7KOLi9PQKe6oGz2mXZ8ddTj0AnneiFohxWnAUBdW5sKKvDDVaj70zWqtSz7GQfdcTkk4"
    "XqSqdoIkFVbu+DGBwIsCVpL3ohc0YAaCYr5e9oiRd3lZSe6lkARdBPNH4b3UCrK7LNrCPg"
    "Hgzm/gu2JspWI6Hep62TCFlH1fJ5T3tgTXw5Q15PqWcDnXdYSMuLZiU/LA4bEApGEqCaoM"
    "Y7f+ZGnONygVkYtgDU/WKukif2S9RoISEoqbWdrH31gvt9oRnnRosKmucrG0J8K7gpJPw6"
    "aFjKmONDIAl+v3tsO2cNCmJro+P734+LFzkqRlXEGPjzDJFf/Gvvn0M7Hbvnan4VW5AqZr"
    "21TOoiVyQ3hUUpastCzJtwVjuYNimHLr0kIE1qoeGeK8OtZa8Z7wl0u6Vv+gMZxm1OTTRF"
    "g+AKLKsHkVk/nk4vrotIN+/tQ57l52Hac+j4OiMqzC/dRpn0btbwwjKRh9hgGOS1A/65DW"
    "bp7dqpUdBu1F0jFjM5LbKe4RLUl2sysypTcNmmwqfWszz7Ws/YTL38hCP0WyuDrj+WSlxz"
    "B2RlxjBGNnRBm/eDtvnqVWPX2lr69WXcYvrhvXE6RjGb+4ivGLZQbXqqULlRlcK8eSZGVo"
    "Yojv1epBN735VC2r47UxhNitJSR0DJ+lIk5oKfkcwzQynaNMJLjkzNq+RILSQELe5Vfh0n"
    "k1KemE0kjjz7OCvHSeZrImiJeanO5sKrgVU++K8maWdnfMW+S/nBeRzNnA8djBCJymnGgr"
    "bkSjxCv4vHSJkVq8OSwc2TJjteRMQCdeOmf2uUJazacSl+WR1r+VjKBe0YXksadg6VorXW"
    "s3LFwsdK2NScRSYitVYitTFDkX+3k/1WU5VJ8pmuiBljlFFBGx3hMvkMU0NZTlBbs5XtwQ"
    "nyIcKQT4DKd5CQ1903ghUpCzQUy0KXm8Gx17oULt7n5jvWXcnAMzcLF0FHqYgJRU7MLZ+z"
    "4LjRa4w5fx8orLZZuOl1f3jBjtk5POyTuEVZWoN3r78rL78VwU2AF/edlZ5/yqeyEKIQM0"
    "p4PS44szqIBSJzU0lJ5cdxQue5x/hHKwQ7UvrJya7rnyWjlp//+lXUd1/qeK56ZX24Jar7"
    "IFlTf6xS+dT7z+HWIPxOBV0SUrl/XTyv2xnZcuKIiGqapwF7NpUTRkr/eQhmjWghekqrA/"
    "cCUXPplKqaxvGdYwEHLieC423nfptsau+0la70uDtPQlbDtNk/IYpMGbLcHyAJmc1VWe1V"
    "JdKzNeVhhNqfyWyu9N62ml8nvjoQdghVwBqFdON1u5ki6ENLCNVOk64WeRg6ufaN3g1TWz"
    "rhEmwVa5Eo6Jr8u0U8nA9DXRDFv9EWjgOTnBY5EhHhKBTQzWJ6aZOxrByntfcar4SntlbW"
    "WaMJMQfRmXdZ+shifeOh2BxOSFl41xOD3PbJDmUalmt4ixK8s1WxGX6k+cK6d0TK2kncmv"
    "zNyagLOKBu1y3m9D3EY2gMtlk435is95gQQ9UUVmNM4d/hu1o0a46Stn/GNgs9x7VEljFL"
    "yxJrpq5ki5FkBQcUiWvTreZLKvCsXpWWFijPRdEWz0xxOrSFDVIMn6vBYrb0oZuA90ZkxB"
    "SSNAJiWNykkaFdnsLu3lN2mrc6syNzrTXb5z7XJtBNYUL6lup32gquurKwKGPzPR3W8WvX"
    "svEjDb+UL7ttOvyKM8G1HYfvifBqQMNRHfbUiSVXo5gyxpmbVgn3MBzGm0HrHFCsTMzTuO"
    "T1JsKAhVBQ+ZJ1+qN1iQSAYZ2ZqzrbzTTd/c63unG5rhBfkepZWc3ybOy6DttZUzY7emWA"
    "QIiLE50aM8TFA/t/K9g8O4kAqq/Du4u3zZhje/cy38JwYbGnhs6/dtq2Dk5EUKOZSfsT8o"
    "f/1XBzu76PmvrdZ7dEr16Vf09e2hcrj/HhkP71r7uzu7L9BH0r9nr/Z2W7v8/xb6wGfSgH"
    "19JWpzhnBIt9UVdfLWXN6aV+s2sqLZGC+nPXGZnHQOdqqamedgu9Gao2kGrnZznDSdR1Qc"
    "qtJjW3oDrjG6pTemjG8pj541E0VrfACR8S3rxvWEA4mMbynjW5Z2PKxRMEUZ37JyLLGolZ"
    "TwOVFp4rWtssPz8jYEzQ1HuGyb93buWHtFLCPUpcEHjjP7k1MadmhyCtfH64DE7xxQ4Rns"
    "n7DRbkLeLyX0JeUHRwZ8B/xi3Pig4WH8BBYhqUmqb/icaD+gUYmnEwJtgZAKnAMwCAkq00"
    "ls/ojnzJozq0wevimfp6otoqXoG9fr/FBRSLfV++EqRdl4tVDTuAE1Y9AZf7EKzta/uTSl"
    "a/ykuk+q+6TipzqKH6nue4pcl+o+qe6TuiWp7qsHS+xjwjL7U5hSxripznYUl0Kw0R/Rh6"
    "XYHCHdGj67maeFv5/7EiImLfT1BPNPS8V+ZRT7nw1qEcfSkp/1kcGXUmyWouAXnCyazCpC"
    "JLNZFVfpBx8z35yLUNTPBLm1y/9Lm2nfxibJ1YyhCTbw0MCTEV/CddW9CNvJNVHEcFm5ze"
    "3s5vI2rHJT5ykFUm20ETyPEEwwUvG86SQYAp9miFBgueF2wJ0Tmip/MJ3cPUEBxuZvwtER"
    "PousTyLp3Bj6IirzNaxiTgKvIjNqYlDGRY6U2BCL49oH6de44J1efC64ponAH1ORGNTWJ+"
    "WcJmXHjue4WtOESBH54Pep1wj+1cXJxTLoD7AB0I/4qavPxnGn9c0wQCYX3dLkoiIdo0LV"
    "hMlzSvV7onbtqoiLboAowsUyo1IFRLTelGoW1c0dGG8Tohno+r7cRmP+2zk+SFFAo3QS08"
    "DabpshKSK0RsIS7xaHl/Qo0fpufXbLWmlWHAvIM29TlkI4g1xinYC1yFJTFOEwkcQ1jiuA"
    "VThlUIBImgZmmwY6sMXgLWwceOx1tJ2wLjQPDH1Wy+fHdmb9I7NjH9u91Aju0LyPpX1cHq"
    "lorsntOn7kQivoUb48UAHn9Tp+UrYIvoKpB3a3bUeerytY4gCo8W5WgNUp9FUnoMo29vY+"
    "rhSj7+DHl238rbjnztypcxmkq3WcQtyElshi73jxmIx7xDBHdNJEJrNj21DL1rPPwFYANO"
    "12I6QR/EDiysNSBkiwUP/ieTz4fTZus+zW/XY5AjGGoVVCtKs0KH8qGWsfeVxINxkPczU/"
    "vjE6GWxY+mxJn60KbL7Noj5bwQ82sBk8HliRXqnmEbhi62DV/OJs2TJFTvIEzwVCkhB2c4"
    "elFq1t4cSRZHoEGwmyTnbTTKlFEGYLLO4VTS5ZxX5DxaWRMkqFZBSPkQW20SCN3EelWCLF"
    "koptnIXEEs3dpx6Jad0ULVFQg6telQQRIQQmyCCucJgufojUf7kEj3QwCzroG2RITYsYBd"
    "zmxVMqIULpOV+1JTtLxAAGit9jwKeG8nab19B/pXUAt98h/5XXvOA3k7+n2R+RMVbc75jP"
    "HGaMsRVC5e/YgzReI4tBv4ivSBZk8wRje5UOITcMG/C/5shu30R3O3f8h3Inmty9vNtB1w"
    "KlJuJrPYPXQH1sxoPxNLCK85ntH2QY7R/ETPbd11IKpj6L0skcaHm8ifjHRRO2+sRp6LWt"
    "4Ry0fcjCjiz/dl3FXvKfrQH/8WYAv34/cN3Gvvu33WpnQbPnNzc7+Vq+SPRAS56R4GrP19"
    "wJfy9iOm851TXwP7Nd7+dsaiA208EVgf+OsEH4LEdYHSfF/ufz+d9OAewtZfiuiS+o6MQO"
    "EclZnQdn/MB3XkOZGnmndpigjvN7V+hJghP8+ciyJua7V698n1BvXnqeoTc3N41n//wX/+"
    "fm1e13OVve/uOvV3hCX9momrkH+L9vbr/jK4X5MHyRaLitozvxzHfo+tOp7V/EX2jEJ71K"
    "DHQXGpPv44DLO9splfatKZ/8Kj++6HakDih2t8z4WhDqii8M8Ez5FgSOc/qXKipjkRLFep"
    "Rw3EyJkug1f4IREoFjaIznSGWIPBBjLjLhNhE/GYg/bceyjQZOVKkJSC8VgCJMuj0uf5dU"
    "7xPfJEBwqY/1Z3auHUT196JXJ0EjbzKH6h10OYLdmYvq4ps2m3YrESGW/8uA7XkdnurmF8"
    "hPQ6/B0y/B3idxYYjRrHF1cOftJhcHBtEJbCtFoqLX4Hhq8iL+LZGAgQtHKbY4QMfrWhts"
    "JrWSvT6z+NpK8fp8WmwV/sSV4+oImyO+aE+wac6YkaBNS5ftE0jrKHyWIePH9KZFdtoYsY"
    "xGWJUdMk8MShmNcDPRCGPXkHn8K/hRShHpux9putye0CvoZgunYi4Tb3F0UVbjjSJsofK7"
    "pGyjj4VvCrUKrGpmN5bkC7k2B6dt/JqoSsYTvk7q/TmoWh+JVdfvzYlGVsfviuoP1FqFR1"
    "jX66iuUI2nFnkkSGfTXGF9thKezXkXbiVcpmsX8iikLu1e6gRSmUZFbWLQ/qiRYFbk1DSz"
    "DIuw36ZMyyJpKbxOS+HUY2i6wif9ICoVPWmXuZME75B0hJ3mNUS3tbubx9woO0ZoPI6Ybp"
    "GkECk/Xl6cp4Xz8EiiajPat9BfqMzoSZsxzwYwQrqxWFjQaATQZljpBR0cFdOgrH4z+/t/"
    "eR+/tQ=="
)
