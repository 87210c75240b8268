package dev.modelsigning.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The directory tree that is installed: {@code bin/model-signing}, {@code runtime}, {@code lib} and
 * {@code share}.
 *
 * @param top its directory
 */
record Installation(Path top) {

  /** The completion files of the module man, and their paths below {@code share}. */
  private static final List<List<String>> COMPLETIONS =
      List.of(
          List.of("model-signing.bash", "bash-completion/completions/model-signing"),
          List.of("_model-signing", "zsh/site-functions/_model-signing"),
          List.of("model-signing.fish", "fish/vendor_completions.d/model-signing.fish"));

  /** Creates the installation, and replaces an existing one. */
  static Installation make(Settings settings, Jdk jdk, Sbom sbom, Path top)
      throws IOException, BuildException, InterruptedException {
    delete(top);
    Files.createDirectories(top.resolve("lib"));
    Files.createDirectories(top.resolve("bin"));
    LauncherScript.write(settings.sources().resolve("launcher"), top.resolve("bin/model-signing"));
    Path jar = top.resolve("lib/model-signing.jar");
    Files.copy(settings.jar(), jar);
    JavaRuntime.link(jdk, jar, top.resolve("runtime"));
    addPages(settings.man(), top.resolve("share"));
    addDocuments(settings, sbom, top.resolve("share/doc/model-signing"));
    // The JVM rejects CDS archives if the modification times of the jar and the modules differ.
    setAttributes(top, settings.time());
    Path work = Files.createTempDirectory("model-signing-classes");
    try {
      ClassArchive.make(
          top,
          work,
          settings.checkout().resolve("vectors"),
          settings.sources().resolve("launcher/network-classes.txt"));
    } finally {
      delete(work);
    }
    setAttributes(top, settings.time());
    return new Installation(top);
  }

  /**
   * Copies manual pages and completions.
   *
   * @param man what the module man has built
   * @throws BuildException if there is no page, or a completion is missing
   */
  static void addPages(Path man, Path share) throws IOException, BuildException {
    Path pages = man.resolve("man1");
    List<Path> found = List.of();
    if (Files.isDirectory(pages)) {
      try (Stream<Path> files = Files.list(pages)) {
        found = files.filter(file -> file.toString().endsWith(".1")).sorted().toList();
      }
    }
    if (found.isEmpty()) {
      throw new BuildException("no manual pages in " + pages + "; build the module man first");
    }
    for (Path page : found) {
      copy(page, share.resolve("man/man1").resolve(page.getFileName().toString()));
    }
    for (List<String> completion : COMPLETIONS) {
      Path script = man.resolve("completions").resolve(completion.get(0));
      if (!Files.isRegularFile(script)) {
        throw new BuildException("no " + script + "; build the module man first");
      }
      copy(script, share.resolve(completion.get(1)));
    }
  }

  private static void addDocuments(Settings settings, Sbom sbom, Path target)
      throws IOException, BuildException {
    copy(settings.checkout().resolve("LICENSE"), target.resolve("LICENSE"));
    copy(settings.checkout().resolve("SECURITY.md"), target.resolve("SECURITY.md"));
    // The pages to which the help and the manual pages refer, with their pictures.
    try (Stream<Path> pages = Files.walk(settings.checkout().resolve("docs"))) {
      for (Path page : pages.filter(Files::isRegularFile).sorted().toList()) {
        copy(page, target.resolve(settings.checkout().relativize(page).toString()));
      }
    }
    try (ZipFile jar = new ZipFile(settings.jar().toFile())) {
      ByteArrayOutputStream notices = new ByteArrayOutputStream();
      for (String name :
          List.of(
              "META-INF/LICENSE",
              "META-INF/LICENSE.txt",
              "META-INF/NOTICE",
              "META-INF/NOTICE.txt")) {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
          throw new BuildException("no " + name + " in " + settings.jar());
        }
        try (InputStream in = jar.getInputStream(entry)) {
          in.transferTo(notices);
        }
        notices.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
      }
      Files.write(target.resolve("THIRD-PARTY-LICENSES"), notices.toByteArray());
    }
    sbom.write(target.resolve("sbom.cdx.json"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  /**
   * Makes files readable by everybody and writable by the owner only, independently of the umask
   * and of the JDK.
   */
  private static void setAttributes(Path top, Instant time) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              boolean executable =
                  top.relativize(file).startsWith("bin")
                      || top.relativize(file).startsWith("runtime/bin")
                      || isProgram(file);
              Files.setPosixFilePermissions(
                  file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
              Files.setLastModifiedTime(file, FileTime.from(time));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Optional<IOException> failed = Optional.ofNullable(failure);
            if (failed.isPresent()) {
              throw failed.get();
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setLastModifiedTime(directory, FileTime.from(time));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean isProgram(Path file) {
    String name = file.getFileName().toString();
    return name.equals("jspawnhelper") || name.equals("jexec");
  }

  /** Deletes a directory with all that is in it, if there is one. */
  static void delete(Path top) throws IOException {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
