// Included into the package's tfjs_backend.cc: attributes that are lists of texts or of types.
inline void AssignStringList(napi_env env, TFE_Op* op, const char* name, napi_value list) {
  uint32_t length;
  ENSURE_NAPI_OK(env, napi_get_array_length(env, list, &length));
  std::vector<std::string> texts(length);
  std::vector<const void*> values(length);
  std::vector<size_t> lengths(length);
  for (uint32_t index = 0; index < length; index++) {
    napi_value element;
    ENSURE_NAPI_OK(env, napi_get_element(env, list, index, &element));
    ENSURE_NAPI_OK(env, GetStringParam(env, element, texts[index]));
    values[index] = texts[index].data();
    lengths[index] = texts[index].size();
  }
  TFE_OpSetAttrStringList(op, name, values.data(), lengths.data(), static_cast<int>(length));
}

inline void AssignTypeList(napi_env env, TFE_Op* op, const char* name, napi_value list) {
  uint32_t length;
  ENSURE_NAPI_OK(env, napi_get_array_length(env, list, &length));
  std::vector<TF_DataType> types(length);
  for (uint32_t index = 0; index < length; index++) {
    napi_value element;
    int32_t type;
    ENSURE_NAPI_OK(env, napi_get_element(env, list, index, &element));
    ENSURE_NAPI_OK(env, napi_get_value_int32(env, element, &type));
    types[index] = static_cast<TF_DataType>(type);
  }
  TFE_OpSetAttrTypeList(op, name, types.data(), static_cast<int>(length));
}
