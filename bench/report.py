def machine(): return {}
def write(*a): pass
