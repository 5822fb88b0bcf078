// ncurses with wide characters, as Swift can import it.
#ifndef RUNTOP_CNCURSES_H
#define RUNTOP_CNCURSES_H

#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1

#include <locale.h>
#include <wchar.h>
#include <ncurses.h>

#endif
