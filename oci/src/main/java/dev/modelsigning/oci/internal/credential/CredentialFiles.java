package dev.modelsigning.oci.internal.credential;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The credentials of the user: the files that docker and podman write, in the order in which they
 * look for them, and the helpers that these name.
 *
 * <ol>
 *   <li>The file in {@code REGISTRY_AUTH_FILE}, and no other if that is set
 *   <li>{@code config.json} in the directory {@code DOCKER_CONFIG}, and no other if that is set
 *   <li>{@code containers/auth.json} in {@code XDG_RUNTIME_DIR}, and then in the user's directory
 *       for configurations
 *   <li>{@code ~/.docker/config.json}
 * </ol>
 */
public final class CredentialFiles {

  private static final String AUTH_FILE_VARIABLE = "REGISTRY_AUTH_FILE";
  private static final String DOCKER_CONFIG_VARIABLE = "DOCKER_CONFIG";
  private static final String RUNTIME_VARIABLE = "XDG_RUNTIME_DIR";

  /** More than a file of a person or a cluster has. */
  private static final long MAX_TOKENS = 100_000;

  private final Map<String, String> environment;
  private final UserDirectories user;
  private final CredentialHelper helper;

  private CredentialFiles(
      Map<String, String> environment, UserDirectories user, CredentialHelper helper) {
    this.environment = environment;
    this.user = user;
    this.helper = helper;
  }

  /**
   * The credentials of an environment.
   *
   * @param environment the variables; {@code HOME} is the home directory
   */
  public static CredentialFiles of(Map<String, String> environment) {
    Map<String, String> copy = Map.copyOf(environment);
    return new CredentialFiles(
        copy, UserDirectories.of(copy), new CredentialHelper(copy, CredentialHelper.TIMEOUT));
  }

  /** The same with another helper. */
  CredentialFiles with(CredentialHelper other) {
    return new CredentialFiles(environment, user, other);
  }

  /**
   * Finds the credential for a repository.
   *
   * @param registry the host of the registry, with the port if one is named
   * @param repository the repository there
   * @return empty if there is none, so that the user is anonymous
   * @throws IOException if a file or a helper cannot be used
   */
  public Optional<Credential> find(String registry, String repository) throws IOException {
    List<String> names = RegistryNames.of(registry, repository);
    for (Path file : files()) {
      if (Files.notExists(file)) {
        continue;
      }
      Optional<Credential> found = read(file).find(names, helper);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * Where credentials may be, for messages.
   *
   * @throws IOException if a variable names what cannot be used
   */
  public String places() throws IOException {
    List<Path> files = files();
    return files.isEmpty()
        ? "nowhere: set HOME"
        : files.stream()
            .map(file -> Printable.escape(file.toString()))
            .collect(Collectors.joining(", "));
  }

  private List<Path> files() throws IOException {
    String authFile = environment.getOrDefault(AUTH_FILE_VARIABLE, "");
    if (!authFile.isEmpty()) {
      Path file = absolute(AUTH_FILE_VARIABLE, authFile);
      if (Files.notExists(file)) {
        throw new IOException(
            "the file that the variable " + AUTH_FILE_VARIABLE + " names is not there: " + file);
      }
      return List.of(file);
    }
    String docker = environment.getOrDefault(DOCKER_CONFIG_VARIABLE, "");
    if (!docker.isEmpty()) {
      return List.of(absolute(DOCKER_CONFIG_VARIABLE, docker).resolve("config.json"));
    }
    List<Path> files = new ArrayList<>();
    String podman = "containers" + File.separator + "auth.json";
    UserDirectories.absolute(environment.get(RUNTIME_VARIABLE))
        .ifPresent(directory -> files.add(directory.resolve(podman)));
    user.config().ifPresent(directory -> files.add(directory.resolve(podman)));
    user.home().ifPresent(home -> files.add(home.resolve(".docker").resolve("config.json")));
    return files;
  }

  /** A relative path would depend on the current directory, which may be that of a model. */
  private static Path absolute(String variable, String text) throws IOException {
    return UserDirectories.absolute(text)
        .orElseThrow(() ->
            new IOException(
                "the variable "
                    + variable
                    + " must be an absolute path, found "
                    + Printable.quote(text)));
  }

  private static CredentialFile read(Path file) throws IOException {
    byte[] content = SmallFile.read(file, FileKind.REGISTRY_CREDENTIALS);
    String name = Printable.escape(file.toString());
    if (content.length == 0) {
      return CredentialFile.empty(name);
    }
    try {
      return JsonReader.read(name, content, MAX_TOKENS, json -> CredentialFile.read(name, json));
    } catch (MalformedJsonException e) {
      throw new IOException(String.valueOf(e.getMessage()) + "; correct it, or log in again", e);
    }
  }
}
