// zlib, as the system has it.
#ifndef RUNTOP_CZLIB_H
#define RUNTOP_CZLIB_H

#include <zlib.h>

#endif
