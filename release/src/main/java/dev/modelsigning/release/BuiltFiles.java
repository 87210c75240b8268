package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Copies the results of the build into the directory of a release. */
final class BuiltFiles {

  private static final Pattern MANAGED =
      Pattern.compile(
          "<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]*)</artifactId>");

  private static final List<String> OF_A_MODULE =
      List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

  /** The packages of dist; VERSION stands for the version. */
  private static final List<String> PACKAGES =
      List.of(
          "model-signing_VERSION_[a-z0-9]+\\.deb",
          "model-signing-VERSION-linux-[A-Za-z0-9_]+\\.tar\\.gz",
          "model-signing-VERSION\\.jar",
          "model-signing-VERSION-image\\.tar");

  private final Path checkout;
  private final String version;
  private final Path directory;

  BuiltFiles(Path checkout, String version, Path directory) {
    this.checkout = checkout;
    this.version = version;
    this.directory = directory;
  }

  /**
   * Copies everything that is released.
   *
   * @throws ReleaseException if a file is missing
   */
  void copyAll() throws IOException, ReleaseException {
    for (String module : publishedModules()) {
      copyModule(module);
    }
    copyPom("model-signing-bom", checkout.resolve("bom/pom.xml"));
    copyPom("model-signing-parent", checkout.resolve("pom.xml"));
    copyPackages(checkout.resolve("dist/target"));
    copy(checkout.resolve("LICENSE"), "LICENSE");
  }

  /** The modules that the BOM names: it must name exactly those that are published. */
  private List<String> publishedModules() throws IOException, ReleaseException {
    Path bom = checkout.resolve("bom/pom.xml");
    Matcher named = MANAGED.matcher(Files.readString(bom));
    List<String> modules = named.results().map((MatchResult each) -> each.group(1)).toList();
    if (modules.isEmpty()) {
      throw new ReleaseException(bom + ": expected the modules that are published, found none");
    }
    return modules;
  }

  private void copyModule(String artifact) throws IOException, ReleaseException {
    Path module = module(artifact);
    copyPom(artifact, module.resolve("pom.xml"));
    for (String ending : OF_A_MODULE) {
      String file = artifact + "-" + version + ending;
      copy(module.resolve("target").resolve(file), mavenName(artifact, file));
    }
  }

  private Path module(String artifact) throws IOException, ReleaseException {
    // The first artifact ID after the parent's is that of the module itself.
    Pattern own =
        Pattern.compile("</parent>\\s*<artifactId>" + Pattern.quote(artifact) + "</artifactId>");
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(checkout, Files::isDirectory)) {
      for (Path each : directories) {
        Path pom = each.resolve("pom.xml");
        if (Files.exists(pom) && own.matcher(Files.readString(pom)).find()) {
          return each;
        }
      }
    }
    throw new ReleaseException(
        "bom/pom.xml names " + artifact + ", which is not a module of the checkout");
  }

  private void copyPom(String artifact, Path pom) throws IOException, ReleaseException {
    copy(pom, mavenName(artifact, artifact + "-" + version + ".pom"));
  }

  /** The name in the layout of a Maven repository: without it, two jars have the same name. */
  private String mavenName(String artifact, String file) {
    return "maven/dev/modelsigning/" + artifact + "/" + version + "/" + file;
  }

  private void copyPackages(Path made) throws IOException, ReleaseException {
    if (!Files.isDirectory(made)) {
      throw new ReleaseException("expected packages in " + made + ", which the module dist makes");
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(made)) {
      files =
          list.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    for (String each : PACKAGES) {
      Pattern pattern = Pattern.compile(each.replace("VERSION", Pattern.quote(version)));
      List<Path> found =
          files.stream()
              .filter(file -> pattern.matcher(file.getFileName().toString()).matches())
              .toList();
      if (found.isEmpty()) {
        throw new ReleaseException(
            "expected a package "
                + each.replace("VERSION", version)
                + " in "
                + made
                + ", found none");
      }
      for (Path file : found) {
        copyPackage(file);
      }
    }
  }

  private void copyPackage(Path file) throws IOException, ReleaseException {
    String name = file.getFileName().toString();
    copy(file, name);
    // Its SBOM is required: without it, the provenance would lack materials.
    copy(file.resolveSibling(name + ".cdx.json"), name + ".cdx.json");
    if (name.endsWith("-image.tar")) {
      copy(file.resolveSibling(name + ".digest"), name + ".digest");
    }
  }

  private void copy(Path from, String name) throws IOException, ReleaseException {
    if (!Files.isRegularFile(from)) {
      throw new ReleaseException("expected " + from + ", which the build did not make");
    }
    Path to = directory.resolve(name);
    Files.createDirectories(to.resolveSibling("."));
    Files.copy(from, to);
  }
}
