// Beast's definitions, compiled once for the whole build.
#include <boost/beast/src.hpp>
