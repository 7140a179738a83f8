// Who is told the keys of a connection: SSL_get_app_data() of every connection of a Context points to one.
#pragma once

#include <string_view>

namespace rdpfault::tls {

class KeySink {
  public:
    virtual void on_key(std::string_view line) = 0;  // one line of a key log

  protected:
    ~KeySink() = default;
};

}  // namespace rdpfault::tls
