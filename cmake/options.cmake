# Language, warnings, sanitizers and output folders for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)  # programs find their siblings beside themselves

set(ROLLCALL_SANITIZE "" CACHE STRING "Value of -fsanitize=, for example address,undefined or thread")
option(ROLLCALL_BENCHMARKS "Build the Google Benchmark kernels" ON)
option(ROLLCALL_FUZZ "Build the libFuzzer targets only (clang)" OFF)
option(ROLLCALL_COVERAGE "Instrument for gcov" OFF)

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Werror)

# Asio's and Boost.JSON's headers cost a file more than what stands in it: the presets that build everything compile files in
# batches (CMAKE_UNITY_BUILD). "dev" compiles each file on its own, which also shows a missing include.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6)
if(CMAKE_UNITY_BUILD)
  add_compile_options(-Wno-subobject-linkage)  # a .cpp included by a batch counts as a header there
endif()

if(ROLLCALL_SANITIZE)
  add_compile_options(-fsanitize=${ROLLCALL_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ROLLCALL_SANITIZE})
  if(ROLLCALL_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(ROLLCALL_SANITIZE MATCHES "thread")
    add_compile_options(-Wno-tsan)  # libstdc++'s atomic_thread_fence
  endif()
endif()
if(ROLLCALL_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_program(ROLLCALL_CCACHE ccache)
if(ROLLCALL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What one checkout has compiled serves every other one on the machine.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    ${ROLLCALL_CCACHE})
endif()
find_program(ROLLCALL_MOLD mold)
if(ROLLCALL_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()
