// Asio's definitions, compiled once for the whole build.
#include <boost/asio/impl/src.hpp>
