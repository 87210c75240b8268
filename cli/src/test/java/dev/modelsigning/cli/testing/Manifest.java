package dev.modelsigning.cli.testing;

import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A manifest of {@code examples/kubernetes}. What it has containers do is run here, word for word,
 * but for where volumes are mounted and who serves models.
 */
public final class Manifest {

  private static final Path DIRECTORY =
      Path.of(System.getProperty("modelsigning.root")).resolve("examples/kubernetes");

  private final Map<?, ?> root;

  private Manifest(Map<?, ?> root) {
    this.root = root;
  }

  /** The files of all manifests. */
  public static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    }
  }

  /** Reads a manifest by the name of its file. */
  public static Manifest read(String name) throws IOException {
    return new Manifest(
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(DIRECTORY.resolve(name))));
  }

  /** The manifest. */
  public Map<?, ?> root() {
    return root;
  }

  /** The pod, of a template too. */
  public Map<?, ?> pod() {
    Map<?, ?> spec = map(root, "spec");
    return spec.containsKey("template") ? map(map(spec, "template"), "spec") : spec;
  }

  /** Containers: {@code initContainers} or {@code containers}. */
  public List<Map<?, ?>> containers(String kind) {
    return list(pod(), kind).stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
  }

  /** A field that is a map. */
  public static Map<?, ?> map(Map<?, ?> of, String field) {
    return (Map<?, ?>) of.get(field);
  }

  /** A field that is a list; empty if it is not there. */
  public static List<?> list(Map<?, ?> of, String field) {
    return of.containsKey(field) ? (List<?>) of.get(field) : List.of();
  }

  /** Where the containers of a manifest run: a directory that stands for their root. */
  public static final class Node {

    private static final String MOUNTED =
        "(?<![\\w.:/-])/(models|trust|policy|registry|dev/termination-log)(?![\\w.-])";

    private final Path directory;
    private final Map<String, String> environment;
    private Map<String, String> names = Map.of();

    /**
     * Creates one.
     *
     * @param directory where volumes are, by the names of their mounts
     * @param environment what secrets have
     */
    public Node(Path directory, Map<String, String> environment) throws IOException {
      this.directory = directory;
      this.environment = Map.copyOf(environment);
      Files.createDirectories(directory.resolve("dev"));
      List<String> java = ToolProcess.java(ToolProcess.packagedJar());
      Path program = Files.createDirectories(directory.resolve("bin")).resolve("model-signing");
      Files.writeString(program, "#!/bin/sh\nexec '" + String.join("' '", java) + "' \"$@\"\n");
      if (!program.toFile().setExecutable(true)) {
        throw new IOException(program + " cannot be made executable");
      }
    }

    /** Says what names in the manifests stand for, as words or in them. */
    public Node names(Map<String, String> others) {
      names = Map.copyOf(others);
      return this;
    }

    /** The termination message of the last container. */
    public String terminationMessage() throws IOException {
      return Files.readString(directory.resolve("dev/termination-log"));
    }

    /** The words that start a container. */
    public List<String> words(Map<?, ?> container) {
      List<String> words = new ArrayList<>();
      List<?> command = list(container, "command");
      if (command.isEmpty()) {
        words.add(directory.resolve("bin/model-signing").toString());
      }
      Stream.concat(command.stream(), list(container, "args").stream())
          .map(word -> here(word.toString()))
          .forEach(words::add);
      return words;
    }

    private String here(String word) {
      if (names.containsKey(word)) {
        return names.get(word);
      }
      String changed = word.replaceAll(MOUNTED, directory + "/$1");
      for (Map.Entry<String, String> name : names.entrySet()) {
        if (!name.getKey().contains("://")) {
          continue;
        }
        changed = changed.replace(name.getKey(), name.getValue());
      }
      return changed;
    }

    /** Starts a container, with an empty termination message. */
    public Process start(Map<?, ?> container) throws IOException {
      Files.writeString(directory.resolve("dev/termination-log"), "");
      ProcessBuilder builder =
          new ProcessBuilder(words(container))
              .redirectOutput(directory.resolve("out.txt").toFile())
              .redirectError(directory.resolve("err.txt").toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
      builder.environment().put("LC_ALL", "C.UTF-8");
      for (Object each : list(container, "env")) {
        Map<?, ?> variable = (Map<?, ?>) each;
        builder
            .environment()
            .put(variable.get("name").toString(), here(variable.get("value").toString()));
      }
      return TimedProcess.start(builder);
    }

    /** Runs the command of a probe; returns its exit status. */
    public int probe(List<?> command) throws IOException, InterruptedException {
      List<String> words = command.stream().map(word -> here(word.toString())).toList();
      return TimedProcess.start(new ProcessBuilder(words).inheritIO()).waitFor();
    }

    /** Runs a container to its end. */
    public Ended run(Map<?, ?> container) throws IOException, InterruptedException {
      return ended(start(container));
    }

    /** Waits for the end of a container. */
    public Ended ended(Process container) throws IOException, InterruptedException {
      int status = container.waitFor();
      return new Ended(
          status,
          Files.readString(directory.resolve("out.txt"), StandardCharsets.UTF_8),
          Files.readString(directory.resolve("err.txt"), StandardCharsets.UTF_8));
    }
  }
}
