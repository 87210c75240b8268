package dev.modelsigning.oci.internal.credential;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.oci.internal.credential.Credential.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A file with credentials: {@code config.json} of docker, or {@code auth.json} of podman. */
final class CredentialFile {

  private static final Set<String> FIELDS =
      Set.of("auth", "username", "password", "identitytoken", "registrytoken");

  private static final int MAX_REGISTRIES = 10_000;

  private final String name;

  // By normalized name, and by the name as it is written, which helpers may know.
  private final Map<String, Credential> credentials = new LinkedHashMap<>();
  private final Map<String, String> helpers = new LinkedHashMap<>();
  private String store = "";

  private CredentialFile(String name) {
    this.name = name;
  }

  static CredentialFile empty(String name) {
    return new CredentialFile(name);
  }

  static CredentialFile read(String name, JsonReader json) throws MalformedJsonException {
    CredentialFile file = new CredentialFile(name);
    json.object(field -> {
      switch (field) {
        case "auths" -> file.readCredentials(json);
        case "credHelpers" -> file.readHelpers(json);
        case "credsStore" -> file.store = json.isNull() ? file.none(json) : json.string();
        default -> json.skip();
      }
    });
    return file;
  }

  private String none(JsonReader json) throws MalformedJsonException {
    json.skip();
    return "";
  }

  private void readHelpers(JsonReader json) throws MalformedJsonException {
    if (json.isNull()) {
      json.skip();
      return;
    }
    json.object(MAX_REGISTRIES, key -> helpers.put(RegistryNames.normalized(key), json.string()));
  }

  private void readCredentials(JsonReader json) throws MalformedJsonException {
    if (json.isNull()) {
      json.skip();
      return;
    }
    json.object(
        MAX_REGISTRIES,
        key -> {
          Optional<Credential> credential = credential(json, json.strings(FIELDS));
          credential.ifPresent(
              found -> credentials.putIfAbsent(RegistryNames.normalized(key), found));
        });
  }

  private Optional<Credential> credential(JsonReader json, Map<String, String> fields)
      throws MalformedJsonException {
    String identity = fields.getOrDefault("identitytoken", "");
    if (!identity.isEmpty()) {
      return Optional.of(Credential.token(Kind.IDENTITY_TOKEN, identity, name));
    }
    String token = fields.getOrDefault("registrytoken", "");
    if (!token.isEmpty()) {
      return Optional.of(Credential.token(Kind.REGISTRY_TOKEN, token, name));
    }
    String auth = fields.getOrDefault("auth", "");
    if (!auth.isEmpty()) {
      return Optional.of(decoded(json, auth));
    }
    String user = fields.getOrDefault("username", "");
    String password = fields.getOrDefault("password", "");
    return user.isEmpty() && password.isEmpty()
        ? Optional.empty()
        : Optional.of(Credential.password(user, password, name));
  }

  private Credential decoded(JsonReader json, String auth) throws MalformedJsonException {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message would show a part of the secret.
      throw json.malformed("auth", "is not Base64");
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw json.malformed("auth", "expected a user, a colon and a password, in Base64");
    }
    // Docker has filled up passwords with zero bytes.
    String password = text.substring(colon + 1).replaceAll("\u0000+$", "");
    return Credential.password(text.substring(0, colon), password, name);
  }

  /**
   * Finds the credential for one of several names, of which the first ones are the most specific.
   *
   * @throws IOException if a helper that the file names cannot be used
   */
  Optional<Credential> find(List<String> names, CredentialHelper helper) throws IOException {
    for (String each : names) {
      String program = helpers.get(each);
      if (program != null && !program.isEmpty()) {
        return helper.get(program, server(each), name);
      }
    }
    if (!store.isEmpty()) {
      Optional<Credential> found = helper.get(store, server(names.get(names.size() - 1)), name);
      if (found.isPresent()) {
        return found;
      }
    }
    return names.stream().filter(credentials::containsKey).map(credentials::get).findFirst();
  }

  private static String server(String registry) {
    return registry.equals(RegistryNames.HUB_HOST) ? RegistryNames.HUB_SERVER : registry;
  }
}
