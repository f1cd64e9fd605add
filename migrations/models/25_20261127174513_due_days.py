from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

IS_TIME_ZONE = """
        CREATE FUNCTION "is_time_zone"(name text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN timestamp '2000-01-01' AT TIME ZONE name IS NOT NULL;
        EXCEPTION WHEN invalid_parameter_value THEN
            RETURN false;
        END $$;"""

# The midnight after a day may come twice, or be skipped, and so may the moment before it. Where a
# zone skips the whole day, that is the end of the day before.
END_OF_DAY = """
        CREATE FUNCTION "end_of_day"(day date, zone text) RETURNS timestamptz LANGUAGE sql STABLE
        RETURN least(
            (day + 1)::timestamp AT TIME ZONE zone - interval '1 microsecond',
            (day + time '23:59:59.999999') AT TIME ZONE zone
        );"""

# Every write of a task on a day comes through here; a new time zone or board writes the tasks below.
# Statements by hand may not have locked the board.
DUE_DATES = """
        CREATE FUNCTION "set_due_date"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            SELECT end_of_day(NEW.due_day, time_zone) INTO NEW.due_date
                FROM columns JOIN boards ON boards.id = board_id
                WHERE columns.id = NEW.column_id FOR SHARE OF boards;
            RETURN NEW;
        END $$;
        CREATE TRIGGER "tasks_due_on_a_day"
            BEFORE INSERT OR UPDATE OF due_date, due_day, column_id ON tasks
            FOR EACH ROW WHEN (NEW.due_day IS NOT NULL) EXECUTE FUNCTION "set_due_date"();
        CREATE FUNCTION "set_due_dates"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE tasks SET due_day = due_day WHERE due_day IS NOT NULL AND column_id = ANY (
                CASE TG_TABLE_NAME WHEN 'columns' THEN ARRAY[NEW.id]
                ELSE ARRAY(SELECT id FROM columns WHERE board_id = NEW.id) END
            );
            RETURN NULL;
        END $$;
        CREATE TRIGGER "boards_time_zone_changed" AFTER UPDATE OF time_zone ON boards
            FOR EACH ROW WHEN (NEW.time_zone <> OLD.time_zone)
            EXECUTE FUNCTION "set_due_dates"();
        CREATE TRIGGER "columns_moved" AFTER UPDATE OF board_id ON columns
            FOR EACH ROW WHEN (NEW.board_id <> OLD.board_id)
            EXECUTE FUNCTION "set_due_dates"();"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {IS_TIME_ZONE}
        ALTER TABLE "boards" ADD "time_zone" VARCHAR(64) NOT NULL DEFAULT 'UTC'
            CHECK (is_time_zone("time_zone"));
        ALTER TABLE "tasks" ADD "due_day" DATE;
        {END_OF_DAY}
        {DUE_DATES}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP FUNCTION "set_due_dates", "set_due_date" CASCADE;
        ALTER TABLE "boards" DROP COLUMN "time_zone";
        DROP FUNCTION "end_of_day", "is_time_zone";
        ALTER TABLE "tasks" DROP COLUMN "due_day";"""


MODELS_STATE = (
    "eJztXQ1z2zbS/isY9WaaXmXHdmI7TW7uKjtO6reOfRPLTediHw2JkISaIlSSsqPm8t/fXf"
    "D7S6JkUaJodDqOTWIJ8lkssNgvfG0Mhc4Me7s14m1xx8zGa/K1YdIhg19S95qkQUej8A5e"
    "cGjHkI3piGsONpOXacd2LNp14E6PGjaDSzqzuxYfOVxgL40WuWMT0pmQhwHvDggl7l0CRD"
    "bpCQuujG1mbZNT+NtmXYs5hNvkzhQPJpJxuDyg9oAI05hsY5+66EKn3OyX8/ixyf8cM/jG"
    "PnMGzIJOPt/AZW7q7Auz8c+vjR5nhi5/b+DTNa4jJfzEluzLyGK2Dd9v+8Q+0iF4mkfn/v"
    "9FQjwZyUYN+QyAVf7xDelHd5rsMsY2t1N5XfNpr65O376TLRGojtYVxnhohq1HE2cgzKD5"
    "eMz1baTBe31mMos6TI8w0xwbhsd5/5KLD1xwrDELgNHDCzrr0bGBQ6Lxj97Y7OJIINiTNn"
    "Y4jLOuGI6os41XDv/pvWeERtPOL9ra5Ulb0xqp4YTvkxgC3qUuwA2YcdNB1L9+c58boiOv"
    "NrCD419aH5+9OPhB4iFsp2/JmxK7xjdJSB2qhTwOIZf/pkBvA7dSePtNE4jDOy6CtX8hBD"
    "sUNx85H5sS0GwM6RfNYGbfGcCfe/v70GTIzfDSLn4pdRxmyY//7+f/Xl9/2dm5+Tv+Ysvf"
    "4cer/evrcY/1ejfB/b+l36rxYWw7xBQO6TDSMah5t+2KBB2ODFcCG+e8P3CMCQFZE5bTuJ"
    "nC7t9aHyXH4a0lywXMV+5Udu7d2nPvIetDVksx1XBqSDP8eECtbCmLUy2H97PlbGWcP3hZ"
    "AOiDl7k44604zHZX4DNSELcsi06yMQ5JEvga3HY2ULimQNo++b39+SYBGaxh+HEaddKwvY"
    "U7Dh+ybOTilAn0dI902/9lA6FswAfqF7CSe1IyDdrTDyeX7daHf2N3Q9v+05D4tdoneGdP"
    "Xp0krj47SIzs4CHk02n7F4J/kv9cnJ8kl5agXfs/DXwnOnaEBiqIRvWIQPtXfdRiXDeo7a"
    "DSsAjfk7RL4Lz3ylVh/IYw2sdkKqdhTePwuAX4HKesoXzXic2RjUNRHT5CskxFvrpMnaGq"
    "49aod5epqSNUaWjfCYvxvvkrc1WLU3gPanaz9HRvT3zlPWYzIQ2vhjO2RR+CvWR0QMG3wx"
    "czx1VwW5fHrbcn7uazQ7t3D9TStRjUeEfsicSVoG361nBvmLxCTdqX4OBX4Dt7qB8JeEQj"
    "w0Th3mhOs090sEkx20Q+nHPaALitjcYdg3dn7f/dl9OC9jO2/jhdRLpxuGMwTVi6OyZnmx"
    "u87iJ0s80NiT7jKmPhLkOyuXscj/RFegzJlEmlavN0c4pJRe1mcgGv8W4mLuTzcD1Oqbhe"
    "Fa5n6Lze24dcv2cWTuFplv8W3ogxO0KQ4DTqNCXxdrcsxibMnMdiDHcIKBikO6Bmn9lN0r"
    "PEkOxuk1OT/DkWDrMJl/4KbHR70qb925QtdHea8fP0vJ2wHrlK3iKSF6dUNoTqCFp6fqVW"
    "d8DvF2JzgnRj+Nz4NGAmissDtYn/EU0iLPmslOew/mNAqv0FvVVBW+WuKsNd9Yl1bO4wYl"
    "BQ3geluKvie8M4yy+F5fzKJtlcD4lm896T5AqzfoYzJSa7PqDPPrR+/yEmv2cX5+/95hEG"
    "HJ9dHKWW0/A1i4lagmIhgavYyhmXt90d+C9PwP6Wko0TUPIAA3g+aDnUIUMUJxAlXZggT6"
    "wnLCbVnx634IbokQ90sl1IhOSL5AqRdzfOztCSk2LmO4P20yaAaPsEKztCGGVNnr5doAxm"
    "4v1utJPUMos2McKQb8TmfZPpW9yUYTZkSCcE9y+SY9Iyk5oM8anTuHd0cXEWE9Oj06QcXn"
    "04OgH2StZCI+4aLdO6LnDHYdAxgF+cn1GKFXI0uLJGlgZM87YcKHkCZbErRpylWSnfeUW8"
    "vOfsAXaDWpeawK/hkJkZmm0mT3Monxhvfzs9+XTy0ZYS6qGwVn4Cf0SGqpK5ZAZt67dYHi"
    "YWyu8+72z9RLd6ra13N18PvmXpmy2CeIytJoGNzu13ltXvdzppu0Dju73eqx34viJL5WHu"
    "MnmYXCINPuSOrVGLwWbkntvCmhQUxBzKJyaItw617zSJxa2MOoUNq2XaaxVG3Mhrf4HCVX"
    "i7GGm/ui1j46p9XJZ3IxnoliF3JjltnbcIfjzBj28SUHvcuGN9DAorndiEmellsnEytsSI"
    "PT9ilsHNQvI4M4Yu5frO99RG51w572eE2x15lO9+/chA+cnem0SdsMfhQrphxoE833hMII"
    "Zs2AGdYcBHywCrZlEEyXUcJoVHonTsziw1hYib99yRCDwSptPgQXWFCl7eC+hYHKUzfEad"
    "ACo91MafzPMibiKT/YzAGy26xKwuAMftu2gWTvxNNZ94/kgVL3pqvu7CxJ+yw3DCPlcdjh"
    "P5WhWWo8JyVIBGBXyGKiznKXJdheVsRlgOvJSTadLOMYgGrWvosPcdiMVc9lkm0l30W+zu"
    "NOE5yERUQmHIpg0zZ0Lc2aQvhI4EMEGV5VeMKqhF9ZgojUr3SAC6tuyZinkTSkme6fhpFo"
    "/MngnSNTZziM5Mn4lKaHb+THLILgHUgsbEao7ThTOSoH9yfnV2ttaUJAl9npHE58ssCwl+"
    "YeHaKaEd+rXnaZBhFgMB7+xdsITBiPAdEW7MBTmF2w4zDKmhyAAvjJz5Q3ATmJRVRaW8jj"
    "JMOZ8DWXBnmptl23YkxnMYduayPJyazhyGhwyNuEAU3XprPvTxFbb2dl8evnz14uDlK2gi"
    "XzO4clhAt823LeBASsOKRTVOzPEwNQ3GMPZpq6z2Nj5hHBsKhCtVMuZCFwVDkBO68EERhT"
    "S5eYxoowdKFa2rKlofOJUuWmtddFMxfUR6fCQVx8YY2SXEXbSpfdeSD2ObaEBdi3vz2J9y"
    "Uzp7GHKQr7BHYhvW4Mucoel6LxfVcsusJeB3t8piAn6fK3Rf+l0qv6XyWyoPVhU8WMpv+R"
    "S5rvyWm+G3VOUEnkIquSonoMoJqHIClSknANP5yBLIXFvVEljPDF5GLQELmJ0G/KN3Ne4G"
    "8S6uMPcq3Cl6FhR8B/cnzhnr2CeWwgWVmLqhialhXmUG9+DemX8rPm/FqBbaFlSNj9J9i2"
    "uSfDs/mm5Geuov4oEMqTkhCIjcJ6DXckDvmVuWg1rM/N7J0YSi7N2fbwOh3JHKf1YFX89s"
    "/1kRZ48Unse7eWqEc8nundzEtUI5a+vJVpNLTtGApiCTyqMqK0tttflp68hMUzlpyrejrP"
    "yVMjwp385T5Lry7WyGb0flpNU6Jy2ihhZVYyIkat9dlTDgipmfSrFiON6m+JFGjJrtrZsJ"
    "G0ZEPKsWAlzNQbqx6WinOhuOYNE3uxN0xmXYPxItmtPMIDxsq92xSeHsNIsBM23HNRCjn1"
    "yXVfGoqZOBeAic56b9wCymvyEPHEbQ2CGUdIQ+IbznUnIbLct3bORkZaaV08nUrDTAYHpO"
    "WmQ/OcPokIQ2bvBYmuXhiPefSlraT3t7L14c7u28OHi1//LwcP/VTpCflr41LVHt6PQ96r"
    "wxlWl28todyyh3mn8gtNe8hhrx3v7+8kMPPGGf+9ztJF0N8V7+2dvKnraIEltxS0ragAYa"
    "nDPOcEpdDqlh5K4aIVV9fOJbL/YOD4LVAv+Ytj5cfmidnWU5rPWMFQBNInnOan3xJaBiMK"
    "46Foc5bhnxosuA374OWJc9+xuiG3iii+IbpakfxqVoNH5cQcYE3LIsOpke4ZI1ARvc3sAZ"
    "eAqyaP75fFMVc9oGqSLqePTK5n+XavwJy4BnGX5iRcKnGH3iVcmL2HsMbt6RzsSrAPQwEH"
    "gGFIE9F1phsOaPLa0ubmEg9FeJO8yhsMkd6KYmUnK4ins0efBFlrWnjC5KLSYdgXHxStLy"
    "IYXCdKLdhVQqiKVSE29ziv2o9sWPWlgvzK1/NJESW5W6RxPYNA95hr57JABXauZoYhGymp"
    "xUNM0musQzhXBmntuQF6dazkBfr9W65G0cPh70lIztRa5pJ0pSYeNOmJKAmQg4k7yRTyE9"
    "YRG8DPNlh1lFp5elFLWLadDzYP4ovBeaQXYWRVvmfCDc3omPq8dWGabzod7MkL8igZ6g9X"
    "J42gJcj1PWkOsbwuVC7giV8LXkwLPI5nEOSONUClSVRbf6KpTeGFSGyFmwxoW1SrZI97C9"
    "DDNkcApfvgUyPOyvqifFuW+4uF0PnzNPkUWvv5Cs9EQ8r8cVpuF5PaokvM20X6q9WS7gNd"
    "6bqSS8unFdJeFtRhKe/DfFgMwMPL9pld1Di4fmNNdcdO3K6mN6Ywn11uJaYiJIM6fcWpxG"
    "VVtTdb4WlKzNq/OlDIjK1lUFo8xyKkbJ7bAB77OEslGBzaUmiJdaO+oj4OOWBMywXoU3m9"
    "MsWIixWzywYAwdOllFz2EmscWQOQNAhUh6pss0RsAJfuOmjGJDEwqoHOQB2CIe3kilUnaN"
    "GubV+dnF+/cnb9NBdCX1MaehjZm6XSA/MoKg5pEsagxaZ2ZehUJMlhjFnm8FQoVhOMo60S"
    "g3AiJKsrrNYfk5RUuLevAlJgXpDOd3SFZD68rmWlNcI1pKz1qPm+bSnX6zljr/1tSFzvan"
    "70KrXIvgKWVb3HRjtLnum0RkdN/3sGn4w+G3bwgNkvu7rm0FQ7Yx9BuXH/jTwvx+m8Bqw7"
    "JixcvpZM51rmB5RR/AxcorRgJcivYTkszXlUFtB1+ySHGDoLMokfLlVGqjN20VV76c/MV9"
    "M636RXw5MQmfk+9JWsX5TeK8irCsrZ6ZSp2l/eKlG+ME9bNx7+0fpJXUNrroMG5sq4Vffk"
    "tET6qP8mQdOnSrRsnTdtFYkrZufxB/cfj85/vbO+TZ77u7b8gZN8dfyJdXB9rByzfEun+9"
    "+3Jne+cH8p5178TzvZ3dHfh/l7wDSeqJL8/l3YL+pPxEJ3lPpU6r1OlqGccrmjp9Oe7IUp"
    "JZ+2DvVnPqPthtVOUDA/xXXPjAgHlDCIMOVxhEGPSpwgjV1rNmqmiNNyAqjLBuXFdhhJsR"
    "RqhOb61MIGHLvnNT2F1elxFRqE4SrUKEIQeVWCDfEb8UN94Zbq3CuG6ZIKlJxZFZh09+Gs"
    "h9kJzvPNUepz+s9J2SH/me02RmmTVM1BEZ6lCHciF9/KEO67GktHPMKO2ZNpQ1GFB0aIt7"
    "g2LGBdey4NOUbstQhgxlyFBb2upsaZUh4ylyXRkyNsOQ4SpAi0henHIJklcxn/fmClp6fq"
    "VWd8DvF2JzgnRj+IybYDM4zsr7iCYRlnxWwUp8dRoDymRZGZPlJ4s7zIuOgV0MsWAqpXYp"
    "pkvJyXmzoRNEKh16fmNl9DWLyVyCon5hY/6Zv/lH/MaEpP0gyIhatG/R0cCWBxR6Jv7Sjv"
    "BVdv5KiE7EujSXQhqh2xw1pUXwfaRiQolOJ03vrAbMQ8OsUlwlZGo0puBgU+0vYbLbJ6jA"
    "uPzNSErFYTFtSGQlpsZGRGVGwzJkEnmVkKiRxQWoHDn5vLMPSojSr3DCO7v4NOecJpO1x7"
    "KyjLtTrshhCXlnBhaDP/fswDLBb1+8vVgE/R61EHo8YqYrhulEw/UwQFWn2dDqNLKeR/Z5"
    "b2fcvGP6qXsrkVYVIVrsuLfHqmidMTccbtrb2N86VLPMU+CoLTMw2LyAJukUpl+TsdOaTI"
    "fOmOL9y/EpPUlU2YMsis80yz61wg/c0RZCeAq5wjoD6yHoTHMjHCdSuKZxRbDmDHmKEamg"
    "p+lBTx5sKXjnDns6Dh60mbDODHyKDavFC6x5Uv/I8mrH7lNqBHeWTvBIkCIpdHUEyVUqlz"
    "CYMEau5WmodQVL1TVcU13D2ODKCdCMDr7pgZqav5MqWPrp00AQSvwAbo9YJ454DZeHDA/s"
    "swd81CS2cDPsueNajh/Q+422Y7cRMRi9Z2lzWCkdZESTfg6ik8NnNm6mxZiG7QqUg4pDq8"
    "Volxn8mVuNL1NZy1CACzhK11v7cCkKcH54Z5yrxfFN0amShyq/QuVXVGDxTW4zZuZXxE7b"
    "DReDxwMrC2TXvA5Iah6sWg5L7gFmMcVzhpI0x0lmjRaRrV3lxNNkOoxaGbrO9KZTtRZJOF"
    "1h8Z0OhXQV79Qun0bpKBXSUQJGzrGMRmnUOqrUEqWWVGzhnEstMfx16pGY1s3QkgQ1OutV"
    "SRGRSmCGDuIrh/nqB9ZZW3EyrcX63HaYNUeKq3xLLUaoslyrNmVPUzGQgXOcRBdtXsOMjN"
    "199OfGMjJewIU/bPhOuztgQ6r54xgkR1hD6sRQ+ZZ6kcYL4gh8LoEZCUTEDR/XeR8r1Ise"
    "/DUhbvsmud2+hR/arWxyu3W7Ta4kSk0Cc73AzyBdaqcLZzSoTosFou9PCUPfTwWh+5+lzX"
    "kAS5JOncRSJD8GBhfPWOozxTBoW0MZdLOi4qkZP/vJT1vwc7cHPw57+OtPPT8R6sef3Vbb"
    "M5o9u77eLtbyh8ycqmyJxLRYmHNH8F3M9r5ybBqYUeWmyU7E2CLiwcTgevidUIuBlBOqD7"
    "MqEIM8/+xdwLWljGwsOYLmFewYkZLqIjjTe1h5LW1sFRXtOEEd5XtH2kmiAv5s4Dgj+/Xz"
    "52GWYyCXQa7j9fV14/t//BP+uX5+82PBljd//99zOuLPXVTtwh3867ubH2GmsO/7P2SGIp"
    "vkVr7zLbn6eOZmzMAHDUDodWaR21ifsI4jLq/dNEvedcYg/DpsX0w3qx4v+0tmei6IPQom"
    "BnynYhMC4Jw/UuXNVFUzOR9lbDdzKpoFzZ9gNTPkGBnSCdEFYffMmsjz+JoEdgbyTzdVaq"
    "1FznRuI9ILlVSIk25OEtslN7ssDAmQXOpS83u34j/h5hv5VO+YKGgywdvb5HKAqzOo6nJM"
    "2023lazmCP8KZHvRFJ46ZboNqD2AUTCitv0gsg6PzVcWMkjruJqVoTSkDDHziG6KWJUiqo"
    "rIFSlApUoRracUUcqvUSQEGXQzTZ5K+MhYyNaIt/ExGyiKhWJG3RO1lxOwLYMrikdtVywL"
    "shBcYWzFMrCqWSBKVrrQynIANnE0cZ0NRzBPmt0J2m4eidVp+DSvYE8dxxU377kjkXgsXM"
    "GD6gpV9AThR2SYhIcV1wWkMv3KLWbx7qCR4Vn27jSn+ZZp2KZM57IKFltlsFjuxiF/i56/"
    "dVBb8zx7/igjQDgfYa95DdHd3dkp4nGeXvgsXRzFdDJPN/2/y4vzvBzlgCRp6OBdh/yPlF"
    "kSYj0ReghGzJqRqnWWLGvWjJsp8AFH8+15l7+Yfft/dI0klg=="
)
