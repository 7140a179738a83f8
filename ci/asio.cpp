// The one translation unit that holds Boost.Asio's implementation (see rdpfault_asio in CMakeLists.txt).
#include <boost/asio/impl/src.hpp>
