# Fails the build when an include goes against the house's dependency rule, or when a co_await expression holds a lambda
# (g++ 12 destroys non-trivial temporaries of a co_await expression twice: give them a name first).
# Run as: cmake -DROOT=<source folder> -P layers.cmake
#
# Every include of ours is written from the root of the repository, so its first components name its layer.

cmake_minimum_required(VERSION 3.25)

# layer | what it may include besides itself
set(layers
  "reference-server/token|"
  "reference-server/http|"
  "reference-server/redis|"
  "reference-server/ops|"
  "reference-server/schema|"
  "reference-server/socketio|"
  "reference-server/api|reference-server/token reference-server/http reference-server/redis reference-server/ops reference-server/schema"
  "reference-server/gateway|reference-server/token reference-server/http reference-server/redis reference-server/ops reference-server/socketio"
  "reference-server/test|reference-server/token reference-server/http reference-server/redis reference-server/ops reference-server/schema"
  "harness/ledger|"
  "harness/client|"
  "harness/record|harness/ledger"
  "harness/stack|harness/client"
  "harness/declared|harness/client harness/ledger harness/record"
  "harness/worker|"
  "loadgen|harness/worker harness/declared harness/client harness/ledger harness/record"
  "conformance/selftest/faulty|"
  "conformance|harness/worker harness/declared harness/client harness/ledger harness/record"
  "reports|harness/record harness/ledger"
  "cmake|"
  "cli|harness/client harness/ledger harness/record harness/stack loadgen conformance reports"
)
# What tests may use on top: the private stack and the outside view, never the other side's parts.
set(tests_may harness/client harness/stack harness/ledger harness/record)

function(layer_of path result)
  foreach(entry IN LISTS layers)
    string(REGEX REPLACE "\\|.*" "" layer "${entry}")
    if(path MATCHES "^${layer}/")
      set(${result} ${layer} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE sources RELATIVE ${ROOT}
  ${ROOT}/reference-server/*.?pp ${ROOT}/harness/*.?pp ${ROOT}/loadgen/*.?pp ${ROOT}/conformance/*.?pp
  ${ROOT}/reports/*.?pp ${ROOT}/cli/*.?pp)
foreach(source IN LISTS sources)
  layer_of(${source} own)
  if(own STREQUAL "")
    message(SEND_ERROR "${source}: belongs to no layer of cmake/layers.cmake; add the folder there or move the file")
    continue()
  endif()
  set(allowed ${own})
  foreach(entry IN LISTS layers)
    if(entry MATCHES "^${own}\\|(.*)$")
      separate_arguments(own_may UNIX_COMMAND "${CMAKE_MATCH_1}")
      list(APPEND allowed ${own_may})
    endif()
  endforeach()
  if(source MATCHES "_test\\.[ch]pp$" OR source MATCHES "/test/")
    list(APPEND allowed ${tests_may})
  endif()
  if(source MATCHES "_bench\\.cpp$")
    list(APPEND allowed cmake)  # counted.hpp
  endif()
  file(STRINGS ${ROOT}/${source} includes REGEX "^[ \t]*#[ \t]*include[ \t]*\"")
  foreach(line IN LISTS includes)
    string(REGEX REPLACE "^[^\"]*\"([^\"]*)\".*" "\\1" included "${line}")
    layer_of(${included} layer)
    if(layer STREQUAL "")
      message(SEND_ERROR "${source}: #include \"${included}\" is not written from the root of the repository")
    elseif(NOT layer IN_LIST allowed)
      message(SEND_ERROR "${source}: #include \"${included}\" goes against the dependency rule: ${own} may not use ${layer}")
    endif()
  endforeach()
  file(STRINGS ${ROOT}/${source} awaits REGEX "co_await[^;]*\\[[&=a-z_, ]*\\][ ]*[({]")
  foreach(line IN LISTS awaits)
    message(SEND_ERROR "${source}: a lambda inside a co_await expression; g++ 12 destroys it twice, name it first: ${line}")
  endforeach()
endforeach()
