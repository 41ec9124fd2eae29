"""The words every noun uses: ids, clock, money, calendar, access, commands and the database."""
