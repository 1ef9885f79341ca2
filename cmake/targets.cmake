# rollcall_library(NAME SOURCES … LINK …): one folder of the house.
function(rollcall_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_LINK})
endfunction()

# rollcall_program(NAME SOURCES … LINK …): an executable in <build>/bin.
function(rollcall_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()

# rollcall_needs_one_thread(NAME sources…): stops when one of a test's sources, or a header of ours that it includes, names
# std::thread, std::jthread or std::async.
function(rollcall_needs_one_thread name)
  foreach(source IN LISTS ARGN)
    file(STRINGS ${source} includes REGEX "^#include \"")
    list(TRANSFORM includes REPLACE "^#include \"([^\"]+)\".*" "${CMAKE_SOURCE_DIR}/\\1")
    foreach(file IN ITEMS ${source} ${includes})
      file(STRINGS ${file} threads REGEX "std::(j?thread|async)" LIMIT_COUNT 1)
      if(threads)
        message(FATAL_ERROR "${name} starts threads (${file}): LABELS threads, for ThreadSanitizer")
      endif()
    endforeach()
  endforeach()
endfunction()

# rollcall_test(NAME SOURCES … LINK … [DEPENDS programs…] [LABELS …] [TIMEOUT seconds] [RESOURCE_LOCK name]): one ctest
# entry, one GoogleTest binary. The label "services" marks what starts its own PostgreSQL and Redis, "long" what
# ci/test leaves to ci/test-long, "threads" where threads meet (a test's own, the fault proxy's, those of Asio's name
# resolver): what ci/test builds as the target "threads" and runs under ThreadSanitizer. The programs have one thread each,
# so no other test has two that could race; one that starts threads without the label stops the configuration.
function(rollcall_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT;RESOURCE_LOCK" "SOURCES;LINK;DEPENDS;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  # Paths only for the files that name them: all others compile alike in every checkout, which ccache rewards.
  foreach(source IN LISTS arg_SOURCES)
    file(STRINGS ${source} named REGEX "ROLLCALL_(BIN|SOURCE)" LIMIT_COUNT 1)
    if(named)
      set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS ROLLCALL_BIN="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        ROLLCALL_SOURCE="${CMAKE_SOURCE_DIR}")
    endif()
  endforeach()
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0)  # what is tested is optimised; GoogleMock's templates need not be
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  if(NOT "threads" IN_LIST arg_LABELS)
    rollcall_needs_one_thread(${name} ${arg_SOURCES})
  else()
    if(NOT TARGET threads)
      add_custom_target(threads)
    endif()
    add_dependencies(threads ${name})
  endif()
  if(arg_RESOURCE_LOCK)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK ${arg_RESOURCE_LOCK})
  endif()
endfunction()

# rollcall_benchmark(NAME SOURCES … LINK …): Google Benchmark kernels; never part of the tests.
function(rollcall_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(NOT ROLLCALL_BENCHMARKS)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LINK} benchmark::benchmark_main)
endfunction()

# rollcall_fuzzer(NAME SOURCES … [LINK …] [CORPUS folder]): a libFuzzer target in the fuzz preset; the parser's sources are
# named, to be instrumented. In every other preset, where there is a corpus, the test NAME_replay: the same function on each
# of its files and on their beginnings.
function(rollcall_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LINK")
  if(ROLLCALL_FUZZ)
    add_executable(${name} ${arg_SOURCES})
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
      -Wno-sign-conversion)  # clang counts it to -Wconversion, g++ does not
    target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
    if(arg_CORPUS)
      set_property(GLOBAL APPEND PROPERTY rollcall_fuzzers ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
    endif()
  elseif(arg_CORPUS)
    set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
    string(APPEND name _replay)
    add_executable(${name} ${arg_SOURCES} ${CMAKE_SOURCE_DIR}/cmake/replay.cpp)
    add_test(NAME ${name} COMMAND ${name} ${corpus})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  else()
    return()
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()

# rollcall_npm_packages(NAME scripts…): for tests that run scripts of this folder on packages from npm. Copies them with
# package.json and package-lock.json into the build folder, and makes the ctest fixture NAME_packages that fetches the
# packages when the tests start. Sets ROLLCALL_PACKAGES to the folder, or to nothing where Node.js or npm is missing: the
# tests are then left out, and CMake says so.
function(rollcall_npm_packages name)
  set(ROLLCALL_PACKAGES "" PARENT_SCOPE)
  find_program(ROLLCALL_NODE node)
  find_program(ROLLCALL_NPM npm)
  if(NOT ROLLCALL_NODE OR NOT ROLLCALL_NPM)
    message(STATUS "No Node.js or no npm: the tests with ${ARGN} are left out (ci/deps --node installs both)")
    return()
  endif()
  set(packages ${CMAKE_CURRENT_BINARY_DIR}/packages)
  foreach(file package.json package-lock.json ${ARGN})
    configure_file(${file} ${packages}/${file} COPYONLY)
  endforeach()
  add_test(NAME ${name}_packages
    COMMAND ${ROLLCALL_NPM} ci --prefer-offline --ignore-scripts --no-audit --no-fund --fetch-retries 5
      --cache ${CMAKE_BINARY_DIR}/npm-cache
    WORKING_DIRECTORY ${packages})
  set_tests_properties(${name}_packages PROPERTIES FIXTURES_SETUP ${name}_packages TIMEOUT 600)
  set(ROLLCALL_PACKAGES ${packages} PARENT_SCOPE)
endfunction()
