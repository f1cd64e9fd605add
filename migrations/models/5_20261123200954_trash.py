from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "boards" ADD "deleted_at" TIMESTAMPTZ;
        ALTER TABLE "columns" ADD "deleted_at" TIMESTAMPTZ;
        ALTER TABLE "tasks" ADD "deleted_at" TIMESTAMPTZ;
        CREATE INDEX "boards_deleted_at_idx" ON "boards" ("deleted_at")
            WHERE "deleted_at" IS NOT NULL;
        CREATE INDEX "columns_deleted_at_idx" ON "columns" ("deleted_at")
            WHERE "deleted_at" IS NOT NULL;
        CREATE INDEX "tasks_deleted_at_idx" ON "tasks" ("deleted_at")
            WHERE "deleted_at" IS NOT NULL;
        CREATE INDEX IF NOT EXISTS "columns_board_id_idx" ON "columns" ("board_id");
        CREATE INDEX IF NOT EXISTS "tasks_column_id_idx" ON "tasks" ("column_id");
        ALTER TABLE "columns"
            DROP CONSTRAINT "columns_board_id_position_key",
            ADD CONSTRAINT "columns_board_id_position_key"
                EXCLUDE USING btree ("board_id" WITH =, "position" WITH =)
                WHERE ("deleted_at" IS NULL) DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE "tasks"
            DROP CONSTRAINT "tasks_column_id_position_key",
            ADD CONSTRAINT "tasks_column_id_position_key"
                EXCLUDE USING btree ("column_id" WITH =, "position" WITH =)
                WHERE ("deleted_at" IS NULL) DEFERRABLE INITIALLY DEFERRED;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DELETE FROM "boards" WHERE "deleted_at" IS NOT NULL;
        DELETE FROM "columns" WHERE "deleted_at" IS NOT NULL;
        DELETE FROM "tasks" WHERE "deleted_at" IS NOT NULL;
        ALTER TABLE "columns"
            DROP CONSTRAINT "columns_board_id_position_key",
            ADD CONSTRAINT "columns_board_id_position_key"
                UNIQUE ("board_id", "position") DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE "tasks"
            DROP CONSTRAINT "tasks_column_id_position_key",
            ADD CONSTRAINT "tasks_column_id_position_key"
                UNIQUE ("column_id", "position") DEFERRABLE INITIALLY DEFERRED;
        DROP INDEX IF EXISTS "tasks_column_id_idx";
        DROP INDEX IF EXISTS "columns_board_id_idx";
        ALTER TABLE "boards" DROP COLUMN "deleted_at";
        ALTER TABLE "columns" DROP COLUMN "deleted_at";
        ALTER TABLE "tasks" DROP COLUMN "deleted_at";"""


MODELS_STATE = (
    "eJztXQtz2zYS/isYpTNNW9mxnTpOk06vcuK0vjp2J5Gbm8YuBYmQxJokWIKMokn9328XJM"
    "W3TEmmLdHIZGQJxJLgLrCPDwvgS8viOjPF9iGnrt56Qb60bGox+JK+0CYt6jhxMRZ4tG/K"
    "mn2sIotoX3guHXhQOqSmYFCkMzFwDcczuA2ltm+aWMgHUNGwR3GRbxv/+Ezz+Ih5Y+bChY"
    "+XUGzYOvvMRPTTudKGBjPTLTVk+2S55k0dWXZ+fvz6jayJj+trA276lh3XdqbemNuz6r5v"
    "6NtIg9dGzGYu9ZieeA1sZfi+UVHQYijwXJ/NmqrHBTobUt9EZrR+HPr2AHlA8Ema7xnA2g"
    "G3HOptY8nBT2E7EzSadnrW1d4fdTWttQAjB9xGIRi2h1z7ch3cN+aOLG3hA1792nn3+Omz"
    "byQ/uPBGrrwoede6loTUowGplEDM8oHLkEEa9fKsfw1XPMNixexPU2bEoIek29GXZcQRFc"
    "TyiPtixNyIfTUwvAUvqJ/Z5jTsCHME0D1+e/S+23n7Oz7OEuIfU/Kv0z3CK3uydJopfRzI"
    "i8MwC0bf7Cbkw3H3V4I/yZ9np0dZqc7qdf9sYZuo73HN5hON6ok+G5VGXIOasdR9R19S6m"
    "lKJfV1kXrEo4TYw9bHUv/EXIHcyIn8j/hCStgJgoykgVt1yXa3LsGm6Vq/8gnhQ4/ZBMwU"
    "cdmAuzqZUEEmruFBMbSEUI8MDVd4bUJtnXCbEYu7jEwMb0wYHcCHbnhwF2J4gvCJvU2O4U"
    "vvqEtHPWIIuDN8GDb5x+ceE9vYevaZWo4ZGMLdyzm96/i0K3V3LD+w12y5UZumvIVRGyqZ"
    "dRm0mztI87rZMzyT5QXcZZ+9nFxndTMiBd5souq16GfNZPbIG8PPvf19lI1hx0WoGsDR8p"
    "gr3/6vj39dXHze2bn8Fr8I+R0+nu9fXPhDNhxezq5/lW9Va5d4HB9CBmOKri7oujaxuUeo"
    "aeKQBq1gkb5J7avcuG19YH1heIyYFLzBcWveMP6j8066Z/CkTKc6DS/tBdeyYz1ubLW+kK"
    "FYqkes2bBOd4jdHfhX1gO+ysnoCKwX8ADuD6IERW75wiN9RnRU4302REWOml8qeBT4Wzrd"
    "riRK2ZBSYYZX0+I0hOb4fdMY5IX5xqSjfGyTrJ8RZZ9zs67RHQU8dQgTrw+SD0mPxw9jGS"
    "8ShnIjwhjZTN8C2+kLKLTolKBjJiUmw9TcoMS7zpPe4dnZScoGHB53MzI8f3t4BOKVooVK"
    "MMKLDTHIibsVh+WsbvMG5EFmMD76uLP1A90adrbeXH55dl2kdDsE+eG7BPys3iPXHY36/V"
    "5evz7aGz7fgderMhoPSkfiAY5CBBuGV4nYFwv6dHA1gU6kpa4kIBNm9cEejA1H5MV8GBK/"
    "+e0dM2mJvk2CLufQgzfQHF9HXTkqbRXEFEFHX5FLr4LR0lAWQeNDoG15Dp3gPZrEIByFfI"
    "+Xjcv8JWvPypZQm47kK+Gz8Um5QVcGg0Yj8gYoVEPbUw0PBc0WK40XZDI2IDqUpmvMoc1h"
    "gctNBmFk+CuwY+QYLnsMnE60bRCEAg14I39zwwbOSt2Y5HOtDyrAbj+2/JBZ8i6tywyY+6"
    "UVSyXkWgDMwuel1OsOBEcII8wEF0kkwWMtogz+f5ayCIdAYB2A/fLH9ULo8bHtLQAeF6Aa"
    "oQFeDTWu0yKPsAlbe7vfH3z//Omz759DFdnMWclBBYyhHB/GjpRn6ysImY5s35K8PYYGUX"
    "vAcjyOaNc5OAW3E2IDHBDBqJKeps5zw65SgPKsSvCQxRYSkcOzbNiQHE9Vp0WSNLc5ObIe"
    "lmSp6Y8E8A3KZkF+JkgUO4sc6kx3LYhwIdSGcO43Ns3pizle8+YyNeftQLFLJzOTlRqi8P"
    "YBOitZ33n/qvP6qJXrs7fA1IZFIVmeJoZpMUurxH1UIO5gMXz2Sv56l4qrjrwZ28RJsHtx"
    "219FKjfns8fxYbnDnghEa01eKPZ3b/B0w8Ylvdxbc3FVgoRKkFBT5SpBQkldJUioBAmVIK"
    "ESJFSCxL0nSBzbxHE5Sl3UkR0BXcooTo34PXEl1ROSJHenq2tHfjEhIoP3tslNU+1d0Oey"
    "1YRa3B5J5SyMvgmPAxEPXW7hfVGJc98jI+qIbfKe2TrmUqCOd3xPJI0ChkpMWgAxNobhNY"
    "6l4iUJ0i2m3A4m7+E2xGLUFtGvXOfZWUzpq8n4zZmMV9i2AmPvmKm3AMZWQQ49Kq5uATNs"
    "EJ9rxgotRGlbhWBhcKk9Hy20Zijv3cGF2Ekqz45HTdRCqpthQ9SuiadFiHjV54T1FTa5Vh"
    "q+rbDJB4RSKWzyIUpdYZPNxybhhbzQLakUqM5qNxC5ilZyVMOuSrGp3Z023CcBT+Vj1xPO"
    "rwQZca4jASi3uhZ4JFy7qi5QgkTFsuuSp7VmGE8tyIAXBporAgMNi1fbGVwgMTzXLUdrPT"
    "vp0ila8Hxyen5yMg9pqRNMCBZXFEAJs1UX5UBCvLjjHrKO2lVwhKCFdSXYqwhfRfgq1lMR"
    "vpK6ivAfeIQv/+aEVxjeR1UbGNuvc1bKuTtCUKWGhBSVhKCSEB4scKOSEG5i6h0lIchQT2"
    "Zx5Vm+aCaC2nFgAQThHfDnxLCMwoSE+GJ7HpKAPNZMrFdxx4HYQxLcYsFOR5KeBY4S8Am+"
    "gXuD3g/CA2D7wDeydT55KZ0q+Wj0g85PT85++eXodX6zgZqesSDgwWxdYEhzA9KR4KAWki"
    "wLdVyxaX4I4ar3YpMQVr8dd+5+9xPIOnO35SuVYxzoL1hO0YrL0t0bkiQNSuZddRuHmKfR"
    "iMmxdD58kCBrIHawuVhBABHl/Kz7gcvfB+q3yNRFl+YaOhGp70pWriO3gtsywuDd0IPAHS"
    "wLv2L21xA0/O0ZvZeEEpdBLxMexBO+jfG+bU5x/xs0P/DTBUsGlJipXrSnTj0PWdDOVczY"
    "ixhYMWMvkxYINzbgzhXs6ew5MclijzKp8LCR+iIPSxKpmYq1CvTmWXE1U1Fu3DcTs64yU5"
    "Ea4QvKPUurJL9Jkk+YkUWdzBRlA6W+IVKutNhWbZhVJzyqtnaqeWunWuMgvy8z6YrioPDS"
    "/DgoqLTOa5CiJlZfg6RccuWSb4DqabBjppKHmiZ1lTzU/OQhtanN+qcPdcQVGXKX0EDmde"
    "QRGUJDh0NuRlUQGJQcFZMiucPTYmYl93hcDIxRGId4qE9OYLJ5d3QkjFr/pVYs3XecfOOK"
    "pfuJk7slQXL3xgj5HsLjYHhWmIQL4uJZdRUWr5Uuaauw+AEFSCosfohSV2Fx88NitaPvQ5"
    "hkVODH+oMfH1w88Bj1hnSJQXuYjIpaQBB19nHpjjkVzz7uTjhxQMQjlzpjITV5CFrVtgGO"
    "2pJZbck8G8AQcKNlXdhmJ+g2xmIjEonrX1IHjFc8P7BJRtxxDQ42omTdzM2nRSbp7862t0"
    "7OPiwIX0g32pdLiQP0eU0OiwS+en7BKppq7I+p75D53bPXZ8twf0gl8D+G0GXAraqjrW4B"
    "qEXgm7kIPMZ8c7Irh2JTRGr+Zv78zWB2gN+KMziNOym+nZnDSXWr5VeCJ/c3X34deGIr9Y"
    "awO20wEwmYyzMpkevZRCapI1EXYJbagOGeNmBIda6SueZk55s/56zRsGrFNaofxpxQgpSI"
    "gIfEuOPwCygOzpWHKNxpE8EhxKYybMCl1mQyDrH48PB5k9FPLB9P1PKAgonxj7NEi/ierc"
    "t50+VxvYpT5jFrtRTtbc6fl24bUOisFUBNoWFebd68dpxp1d0CymfI01Ktzt8cXYNQvdvb"
    "m0GliqlUsfsOMxba3DphDFZnrNzJq+EL1nJ6cN3S8Up3vE45njc4SQtsfd3qEFk7cE5CT6"
    "bPqFvg68yvOtdrkYTzHRZZpaqvEm6dHdEoH2WNfJSZIBcwo0kaZUeVW6LckjUznAu5JWZk"
    "p1bkadOAlixTk1pvnRwR6QQW+CCRc1jufuCGAPWvC1A5++uTs48SX2B/9WT1BuYJ7u7nTk"
    "97CgV/C3hPMRgzi2qRXwrOL3ct6qW4cp130J/KA9X2dwgoB8wLlKlDujGSWb5D+DUlQf02"
    "6W334EPrySq9rd5LEnCpTXzHYa4sNvkEvg2owEQjzFFCDFJQK79Ir0V1Wi0nbX9ORtp+Lh"
    "8telltwa1cs3RqT9cqKZvQ5YwCW1w4OGd1GzgygwzedJbmz1Gi7hZ87g7h42CIX38YRkm7"
    "3/0c1Nq+odrji4vtajW/Kcz/7XjEAr1bkAJss1n+r2F/MjDzkC02rsmxDTXEBHVHsCYX+Q"
    "W3MDFbOCiZYooHn9iEu/idUJmiSKgOqqxQMfwcFqDpqiPTWHbFRTVEikiphyp8pp/AsLua"
    "71bVEWmCJiqKHYmIJDXF47HnOeLFkydxav9sgM8S/C8uLlpf//gT/Ll4cvldxZqX3/77hD"
    "rGk4CrovID/vPo8jtQOeLT6JsidYI5y44x8HyXvcBx3JMvAH6BrsslAnKrBHjDMWgBHdRG"
    "L9WI3jY5YUOPYD4z1AyYFugJmasMKkmHOMYOkp+xKDLNeVWRujHoDWxyNX0BYijvyPJibo"
    "MGqa4K4s6SzRlm1R/YxgyRxIhFp0TnhH1i7lSeINAG4QY/iTz34l43bhhTMWa65lAhJrzo"
    "rJJyQ1BA2kRNVYdBcNnIEKD5llralyNWa3LXZaVAlZXYak3u5q3JzSHbVZJQ42nQFdPhmj"
    "hnnMlAv9t03TVbP1AtWzdxbMQK2brxCRVN6Uh1YvQdBr7euFWA0odX2vNwehrXWRugXk28"
    "rzjxXmq+yx3lcgOuHOQyxMQpSLYq53BYvYHc3d3ZqbZgfd5y9fyKL9sLLWWaw/99f3Zatt"
    "5rRpINNyAaJv8SE2KSDeT2HOYiM1IxRcTTx287/8uy+9XJ2WE2WMAbHC7mPd6+Mbv+PxMh"
    "W14="
)
