from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "idempotency_keys" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "key" VARCHAR(255) NOT NULL,
            "request_hash" VARCHAR(64) NOT NULL,
            "created_at" TIMESTAMPTZ NOT NULL,
            "status" SMALLINT,
            "body" TEXT,
            "etag" VARCHAR(64),
            "location" VARCHAR(255),
            "board_ids" UUID[],
            "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_idempotency_user_id_bc4599" UNIQUE ("user_id", "key")
        );
        CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "idempotency_keys";"""


MODELS_STATE = (
    "eJztXQ1z2zbS/isY9WaaXGXFdmI7TW7urew4qa+O/U4s152LfTQkQhIqklBJyoreXP77iw"
    "W/vyRSEiWKQafj2CCWIJ8lgMWD3cXXhs5Uolmt9ph22IgYjTfoa8PAOuG/JK41UQOPx8EV"
    "KLBxVxOV8ZgqNlQTxbhr2Sbu2fxKH2sW4UUqsXomHduUQSuNNhqRGerO0HRIe0OEkXMVcS"
    "EL9ZnJSyYWMVvogv9tkZ5JbEQtNDLY1AAxyouH2BoiZmizFrSpsh5vlBqDcm4/MehfE8Lf"
    "cUDsITF5I58feDE1VPKFWPDn10afEk0Vvzfg7gpVQZL/hJrky9gklsXf3/KEPaQD8BRXzv"
    "n/i4B4NhaVGuIeHFbxxzeQH48U0WREbU6jolzxZG9vL969FzUBqK7SY9pEN4La45k9ZIZf"
    "fTKhagtk4NqAGMTENlFDyjQmmuZq3ity8OEFtjkhPjBqUKCSPp5o8Ek0/tGfGD34EhC0pE"
    "xsyr+zHtPH2G5Byck/3ecMySjK1XVHuTnvKEoj8TnB88Q+Abeox+HmmFHDBtS/fnPuG6Aj"
    "ShvQwNmv7U/PXh4/F3gwyx6Y4qLArvFNCGIbK4GOA8jFvwnQO1xbCby9qjHE+TMug7VXEI"
    "AddDcPOQ+bEtBs6PiLohFjYA/5n4dHR7yKTo2g6ADeFNs2McXL/+fzf+7vv+zvP/wdfrHE"
    "7/zH66P7+0mf9PsP/vW/JZ+q8XFi2chgNuoS1NWwMWo5XQLrY83pgY0rOhja2gzxvsZMu/"
    "EwR92/tz8JjfOnFipnfLxyhrIr99Khcw1UH6hadFMFhoakws+G2EzvZVGp9eh+cT/bmOaP"
    "X+UA+vhVJs5wKQqz1WNwjwTEbdPEs3SMA5EYvhq17B3sXHMg7Zz/0fn8EIOMz2Hwcgq2k7"
    "C941dsqpN05KKSMfRUV7Tl/bKDUDb4C6rXfCZ3e8k8aC8+nt902h//F5rTLesvTeDX7pzD"
    "lUNROouVPjuOfdn+TdDdRedXBH+if19fncenFr9e598NeCY8sZnCTRAFq6EO7ZV6qEW0rm"
    "HLBqNhGb3HZdegefeRq6L4HVG0h8lcTfM5jfLbLaHnqGQN+3ed1BxaOOS14UMi6zTkq6vU"
    "BaY6LI36o1RLHaBKQvuemYQOjN+IY1pc8OfARi/NTnfXxLfubXYT0qA0GLFNPPXXkuEPir"
    "87f2NiOwZu++as/e7cWXx2cW80xaaqRKCGK+yQxUr8uslL+qEeL8EGHghw4C3gmV3UTxm/"
    "RSOFonAuNOfxE12oko+byIazIAdALWU86Wq0t2j97zyc4tdfsPSH4SLUjE1tjeQjGtyGhM"
    "RiiiHWTtRMzN1YIFa4xclYXabFQEzSKFUbm5tzaBS5gskEvMYrmGgnL6L1qKTUelW0nmLn"
    "uk8faP2JmDCEJ1X+e3AhouyQQEzTYMeUpNuDshQbozbP2IRfQdyoQL0hNgbEaqK+yXR00E"
    "IXBvprwmxiISr2KKDS43kHDx4T/OfBPMLz4qoTY4wcw26ZnheVlLxBdTpacnz1zcMcuxN+"
    "Xbk9Ucb2xB3pWtQmSMPccBuWsT0RfqZ8Ko9JLKX4ivXeqN4P9vl/WYr+W0JH53yi4Rjw+/"
    "ORFttIB7VylarM4HolfWYSMQT3qckvsD76iGetXKoUD5KpTPdqVJ3BCjKhzPcaHiSXIeH6"
    "MVV2GdPK6sTe2qQMZcL1XriRaLe7G4q1OCKgN2TRgUHUPWqI7X2k4xkCG0poTKwOE50S7j"
    "pPe6fX15eRof70ohPT4e3H03OuXqFaXok6ZElyvn2iZMqtGKWHDa4zXSdGysSbqtcMyQ1q"
    "2C/Zoop/vzi/O/9kCa26KCTUKZ5zQ/rk+mEpbGLqMOvXrd8AexIbXH/4vL/3M97rt/feP3"
    "w9/pY2V7YR4DExmwhb6PEH0xwMut2kPdv44bD/ep+/X57h9SRzaD15nkYKZ3OYYQ2Lryxl"
    "I/rUlXz/2yei4YzZM0xPngXddsfMqCzWONIXdKJ3+Qg1pON1gFUzfj0+avAxYUWUzpyBpa"
    "YQUeOJ2gKBFWG68G9UV6j4w7tbHcujdAn3qBNApW9CeYN51l5UaLBfsCWlhKeYzW1NOW3n"
    "9U+NPqniCRffz3H3FYs1F7jElr1ZFbS56U2r0NvKzSu5eSW3MSrArsrNq+9R63Lzajc2r/"
    "hD2akEWgb94teu4daGR3Hn29xII2QOkM34bZr8PqBEMEL5J5skZC4ZG1lowJgKAnyAKov5"
    "Dhuoee2YsIx0hIwBujW/0opxl6W4lXY9B8QV/Up9R8bd/EQXOpaGe2i6Z2n8k10DqDnJxG"
    "p+p0v76vL20dXt5eVWnXUF9FkkiaeXRQwJvGHuqOKAh37jxv6KjcAh48/sFphMI4ivO52/"
    "nF1BdMEv20TThIXCTJXLsD76k1GDKyktvri8hlKonM9+X3BGmod1czsC4wLETiHm4cKwCx"
    "APKRax+91XNxpyAI+wd3jw6uTV65fHr17zKuIx/ZKTHLZtNrcAH1ISVgg3PTcmemIYjGDs"
    "yVbZ7G3cgacFdAinV4kdXpUlul0uW/g4j0EaXzyGrNFjaYrW1RStD5zSFq21LbqrmK4QOB"
    "ZAjS3w4lqD30UHW6O2uBnZRQJ1K9ubZ96Qm7DZA5eDbIM95Nuwhb3MBZau+3BhK7ecKDuv"
    "oc2E2XmtbXDL0mtS7lXKvUq5a1WFXSu5V/k9al3uVe7GXqUMtJOBdjLQboOBdrwrj00Gyr"
    "XKiLIzeaNJRX9yS6P0q1u4OT2HrFV35QbP4PyEb3cbtiokrIt0Yw/eZx/bfzyPdOXL66sP"
    "XvWQOs4ur09l+M3uht9IQl0ywBsGdQ0McB660sbWaA1EZY1wLpmgzAy9yBV1sZ14C/hIcm"
    "/J+7EArlRZcRabjbDYRmyFjKqQTKXkrCq1lJZM5feodclU7gZTKaMqah1VETJD85oxIRG5"
    "7q6KI1vFCKlSWAzbXRSvSGLUbG3djHEYoe5ZNSe2an6kOxtQcaESfcwnfaM346pqpPAfsR"
    "rNeTQIDeoqIzLLHV9hEq5My3Zy402xJfLiNRE2VDRkU7BHoBAb1pSYRH2LppR/QRMbYdRl"
    "6gzRviNJLeNHG43I2E6LrSinkblxFRyD+VEVofXkAtIhDm2U8Fgb83BKB99LYMXPh4cvX5"
    "4c7r88fn306uTk6PW+H2GRvDQv1OL04gPYvBGTaXH4xcjpTMnoi3Tw3eo1tIgPj45K2Ex1"
    "OnvhM9XicjXEe/3nqkk+bRkjtuJMSpJA4xacPUnZlLrRsaZlzhqB1FJ0SsXsPXfueHl4cu"
    "zPFvDHvPnh5mP78jLJioBVkU6JZG1Wq8tPARWDcdNeHcR28t/mnQa8+nXAuuzRX2M9fyc6"
    "L75hmfphXIpF4/kVFDu/NCK13BGmFYN6DrJA/yROMJVxofLou6qyP1s++i6UyDaN+ImkuZ"
    "1D+kTz6ubhezRqjFB35uawmA4Z5NlHfM0FLAxkrbAE6+KktoD9KjjpGvakRtw2NUCS8lJY"
    "oyFmaLM0tqeMJkpNhxqCcflcqOImudx0ws0FUtKJpVIDb3MOf1T79B1tyHjjZPCYiR5blc"
    "wdM75o1mmKvXvKOK7YyLDEQmI1OWJjHie6vgMxxMhcmMiLSq3nQ98ua13yMg5uz+2UlOVF"
    "JrUTFqkwudP4lU0RN4JmIgMQjCRvxV1Qn5kIivl42SVm3uFlLWmZIhZ0EcxXwnupEWR/Wb"
    "SH+IkIuIm6JWwlMZ0N9W66/OVx9ORWL+V3W0LrUckaan1HtJxrO0IGfK3Z8Sy0eCwAaVRK"
    "giqj6DafR839BiURuQjWaGetEhfpHBeVQkP650hlM5DBcVVVPevIecLleT1xnyItwZ+lB9"
    "+5bW0w9M5tUQbe7SZnKddjmYDXeD0mA+/qpnUZeLcbgXee2ZAj6s6rWuUtoeXdcZpbTh11"
    "aw4gpLGErFEyX5HMV7SyKVqN1atkWqrJtGQTArETozX+PGtIWiRPji7Am3zi+FxSnabmLg"
    "ouNufxJ4CxokG9nB5csMXH+jYxkMV0Yg85KkjIE1UE0XGc+G/UED5UsJjnkx+acrWw6Vth"
    "3oimwda5vbq8/vDh/F3ShaukNgrSPMRQrRzReSEEFVdkWVpim3FhFXJwWKMPdTYfAQaDPk"
    "47ESJz/z0ssrllSvkRLWvbc/d6TALSBVuvgVgN1/m7u6536JyEnbWdTYIbZ/hNm+q8S3Mn"
    "OssbvnPNcm0Ep7zsUcPxEKaqtzgXvmU/8kXDnzZ9fIuwH1rec1b54DAMjscw/fA/TYgutx"
    "CfbUiap3I5jRSc53Im9/MAXC65X8i9Im87gUixpjRs2fCQeULr/cbCQnJXoVILvXmzuNxV"
    "yJ7cd5NfzrOrEOnhBfUel5Wa3yXNS/++2tqZicBNPMifODAqUD+O+/DoOGmkdmCzCLyW9t"
    "rw5o9w7jOYj+KkCqw7OYvEaYVAliTZ7Y/s/yh//RdHrX307I+Dg7fokhqTL+jL62Pl+NVb"
    "ZD69OXi139p/jj6Q3oi9ONw/2Of/H6D3vCf12ZcX4mrOnY3sMBtxTQbuysDdapHjFQ3cvZ"
    "l0RSLDtHWwe6k5dx3sVKpyunrvEZdOV1/Umc1vcIPubH6b0qFNLj1rZorWeAEiHdrqpnXp"
    "0LYbDm3yNMTKuLS1rZETQO3oWp6IWNcTESk3iRnoHfBLaOO95mTKi9qWMZGa5LuAz4n2Qm"
    "vFWK+5G4p1kBjvXNMehj/IM53oP+I55/WZdWbQkAc0yCMFyoV09SMFtsOkdDJolM5CDmUL"
    "BIrK68LaIB+54DALnkzpXIYkMiSRIZe01VnSSiLje9S6JDJ2g8hwDKBlel5Ucg09r2J73r"
    "vb0ZLjq6SrKkNX3Zl8eex6RnALFpm8G2GrFNoq/HD5dB+TqJ/rinfqZfYhlxFldaYMjbGJ"
    "ByYeDy1xRJdLM5Z2iKXkGqvANYZXuIUmxZDczkyJwBdC+BrSYfjiQ5dPFH5fs+TYpIyPzh"
    "lhb4uzWYflN9gnL6/vCnY7EdM4EakAHIOyIhmtsw52ygd/5gFPZYLfuX53vQz6fWwC9HAO"
    "QI/peXtb2QqQSRx2NImDCHtPP5Tnkhojol44l2LRByGh5c7kWdWK6E6oZlPDakF727AeUo"
    "/qwZZwVCZFAY3LSUy/xl0MFRE1mDLEe8XRIT0uVNls41sLc/b3t5WlEJ4jLrFOwVrnNlNh"
    "hKNCEtckrgBWQc+AiJD0DZjvG+DCloC3sHfAmX+j3YR1oX9A5LNaPg+R2+tXzEJ05tylRn"
    "Cn2QQrghSKNKkjSI5RuYaPCVxJ2q6FWlewZPqvLaX/inxcGX5M4Y9vvj+T4q2kcmZIuRsy"
    "hJHn5+gKq8hmb3ixTuBUJWtIx01kMScQldoIEv2gKTCfsBnjVEIawU8kSYeV0kCK09Vn34"
    "kvuGfjYZ4rVlAvR9aUKLRKRHadPlKZSatSjbUUA9idmFfzjSqTLlqLAZztBRXVan58E3Iy"
    "M5h0Q5ZuyBWYfOPLjIVuyJEjEYPJYHVgRR7ZmofLJ8bBqrl6Z54yEzE8FxhJBY6bgYOoob"
    "ZjnLiWTJdgM8XWmV91rtUiBOcbLN6mQy5bxT1mxZORNkqFbBRfkQWm0bCMnEelWSLNkopN"
    "nIXMEs2bp1bEtG5ESxzU8KhXJUNEGIEpNohnHGabH5COaMMxZyYZUMsmZoFIMPGUSkRQBo"
    "NVbcieZ2KAAgscHRSuXkPn9YMj2M+NOK+/5AV/Wvw9rd6Q6FjxvmPec5ipYzuCyrfEgzRe"
    "IpvBfREfkXgXcTycVTqARM6sL86kd+o30WPrkf9QHkWVx73HFroVKDURH+sZvAbqYSsZX9"
    "7AKs7nK300x1P6KOEn7b2WUvCcgricPLAgTygB/7hoylSf2g39ujXsg04ASTR64BcvTmSP"
    "/zzo8x8nffj1574XM/LTL06t1oJqz+7vW/lqPk8NP0nvkRA9xsfcMX8vYrlvOTE0CD5xos"
    "lmbGIiNjUQM+F3hE3CeznCqp6WqJP351/cAphbyghcEV9Q0Y4dEZK9Og/O+InPvKYyMfN2"
    "7ahAHfv3vuBJwh382dC2x9abFy+CgDC/X/phYff3940f//FP/s/9i4efctZ8+Pt/X+Axfe"
    "GgauVu4H9+ePiJjxTW0+B5qiuygR7FMz+i20+XSKRG4i805J1eJSZ6jLTJ53HA5Y0TkUZ7"
    "9oR3fpUvXwwn+BSKvSkzORZEbsUHBnimfAMCxzn7SxUXE8l/xHiUstzMSPzjV/8Ok/6Axp"
    "COZ0hliDwRcyaOrWoivjIQfyJx2NpWcwGp1AKkl4o8joruTpzVDTV6JHAJEFrqYeNHJzE2"
    "osZbcVf3NBVeZQaXW+hmCLMzN9XFN201nVoi6Rn/l4Ha84bw1Clea4itIf8KxtiypiztjM"
    "VsYyFFtI6zWRlGQ4KIKdJ1E8IyY0dVulyePC0yY8d2MnYk9jXyuCBz20wRh3et6AvZHtMO"
    "3GYHu2Iun1Hn4Nn1OGwL54r8XtsVi4LMBVfgW7EOrGrmiJIWLrSxGIBd/JqoSvQxHyeN3g"
    "y4mxWxugju9ptDBNXxu6LGE7UFEqvC5d+orlCFD9pcIcIkONOzLiCVua/cJibtDRspO8vu"
    "lea8vWUc1Clzc1k6i23SWSxz4ZC9RM9eOsileRafP05xEM5G2K1eQ3QP9vfz7DjPz82VTI"
    "5i2KmHAP7r5voqK0bZF4kTHbRno/+iMlNCbMdDD8CIsBmJdFzxzFvNKE0BNzgttuZd/2T2"
    "7f8BOTaNhw=="
)
