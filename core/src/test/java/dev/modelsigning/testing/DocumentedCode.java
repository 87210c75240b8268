package dev.modelsigning.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A block of Java code in documentation, which readers copy: the statements of a method that may
 * throw anything. It sees {@code model}, the path {@code my-model}; {@code signature}, the path
 * {@code model.sig}; {@code pin}, the array of characters {@code 1234}; and of the library only the
 * packages that all users see.
 *
 * @param file where it stands
 * @param number which one of the file it is, from 1 on
 * @param code the code
 */
public record DocumentedCode(Path file, int number, String code) {

  private static final Pattern MARKDOWN = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  private static final Pattern DOC_COMMENT =
      Pattern.compile("(?ms)^ *\\* *<pre>\\{@code\\n(.*?)^ *\\* \\}</pre>$");

  private static final Pattern MARGIN = Pattern.compile("(?m)^ *\\* ?");

  private static final String NAME = "Documented";

  /** No example takes as long as this, in seconds. */
  private static final int GUARD = 120;

  /** The blocks of a file in Markdown, or of the documentation comments of a Java source. */
  public static List<DocumentedCode> in(Path file) {
    boolean java = file.toString().endsWith(".java");
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<DocumentedCode> found = new ArrayList<>();
    Matcher matcher = (java ? DOC_COMMENT : MARKDOWN).matcher(text);
    while (matcher.find()) {
      String code = matcher.group(1);
      found.add(
          new DocumentedCode(
              file, found.size() + 1, java ? MARGIN.matcher(code).replaceAll("") : code));
    }
    return found;
  }

  /** The blocks of all documentation comments below a directory with sources. */
  public static List<DocumentedCode> below(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .flatMap(file -> in(file).stream())
          .toList();
    }
  }

  /** Whether it stands in the documentation of a package. */
  public boolean isOfPackage(String name) {
    return file.endsWith(Path.of(name.replace('.', '/'), "package-info.java"));
  }

  /**
   * Compiles it; warnings are errors.
   *
   * @param output a directory for what is made
   * @throws AssertionError if it does not compile
   */
  public void compile(Path output) throws IOException {
    Path source = Files.writeString(output.resolve(NAME + ".java"), source());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-Xlint:all,-path,-processing,-options,-classfile",
              "-Werror",
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              output.toString());
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!compiled) {
        throw new AssertionError(this + " does not compile:\n" + messages + "\n" + code);
      }
    }
  }

  /**
   * Compiles and runs it in a JVM of its own.
   *
   * @param directory the current directory, in which its files are
   * @param environment variables besides those of this process
   * @throws AssertionError if it does not compile, or ends with an exception
   */
  public void run(Path directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path classes = Files.createTempDirectory(directory, "classes");
    compile(classes);
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                absoluteClassPath() + File.pathSeparator + classes,
                NAME)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(GUARD, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(this + " does not run:\n" + Files.readString(output));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String absoluteClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private String source() throws IOException {
    StringBuilder text = new StringBuilder("import java.net.*; import java.nio.file.*;\n");
    text.append("import java.util.*;\n");
    exportedPackages().forEach(name -> text.append("import ").append(name).append(".*;\n"));
    return text.append("final class " + NAME + " {\n")
        .append("  static final Path model = Path.of(\"my-model\");\n")
        .append("  static final Path signature = Path.of(\"model.sig\");\n")
        .append("  static final char[] pin = {'1', '2', '3', '4'};\n\n")
        .append("  public static void main(String[] arguments) throws Exception {\n")
        .append(code)
        .append("  }\n}\n")
        .toString();
  }

  /**
   * What our modules on the class path export to everybody; the module for Sigstore has no
   * descriptor.
   */
  private static SortedSet<String> exportedPackages() throws IOException {
    ClassLoader loader = DocumentedCode.class.getClassLoader();
    SortedSet<String> packages = new TreeSet<>();
    for (URL descriptor : Collections.list(loader.getResources("module-info.class"))) {
      try (InputStream in = descriptor.openStream()) {
        ModuleDescriptor module = ModuleDescriptor.read(in);
        if (module.name().startsWith("dev.modelsigning")) {
          module.exports().stream()
              .filter(exports -> !exports.isQualified())
              .forEach(exports -> packages.add(exports.source()));
        }
      }
    }
    for (String unnamed :
        List.of(
            "dev.modelsigning.oci",
            "dev.modelsigning.oci.reference",
            "dev.modelsigning.policy",
            "dev.modelsigning.sigstore",
            "dev.modelsigning.sigstore.identity",
            "dev.modelsigning.spark")) {
      if (loader.getResource(unnamed.replace('.', '/') + "/package-info.class") != null) {
        packages.add(unnamed);
      }
    }
    return packages;
  }

  /** Where it stands. */
  @Override
  public String toString() {
    return "the code " + number + " of " + file;
  }
}
