# cmake -DFILES=a;b -DFROM=folder -DTO=folder -P copy.cmake: copies files under their relative names.
foreach(file IN LISTS FILES)
  get_filename_component(folder ${file} DIRECTORY)
  file(COPY ${FROM}/${file} DESTINATION ${TO}/${folder})
endforeach()
