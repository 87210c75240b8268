package dev.modelsigning.cli.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A model directory to be signed by one client and verified by another. */
final class SampleModel {

  private final String description;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> ignoreOptions = new ArrayList<>();
  private String name = "model";
  private String signature = "../model.sig";
  private String changing = "";
  private boolean sameOrder = true;

  private SampleModel(String description) {
    this.description = description;
  }

  /** All models of the matrix. */
  static Stream<SampleModel> all() {
    return Stream.of(
        model("files in one directory", "config.json", "model.safetensors", "README.md"),
        model("nested directories", "config.json", "encoder/0.bin", "encoder/layer/1.bin", "z/1"),
        model("directories 200 levels deep", "d/".repeat(200) + "weights.bin", "d/d/d/x"),
        model("empty files", "config.json").withEmpty("empty", "package/__init__.py"),
        model("dotfiles", ".hidden", ".config/settings", "..data", "...", ".a/.b/.c"),
        model("git files at the top and below", "sub/.git/HEAD", "sub/.gitignore", ".gitmodules")
            .withLeftOut(".git/HEAD", ".gitattributes", ".github/workflows/ci.yml", ".gitignore"),
        model("spaces and quotes in names", "a b", " a", "a ", "d d/'x'", "\"x\"", "`x`", "a  b"),
        model("Unicode names", "模型.bin", "目录/权重.bin", "😀.bin", "\u00e9", "e\u0301", "\uff21"),
        model("names that differ in case only", "README", "readme", "ReadMe", "A/a", "a/A"),
        namesInAnotherOrder(),
        model("backslashes and control characters in names", "a\\b", "c\nd", "t\tt", "\u001b[31m")
            .with("\\", "r\rr", "\u0001", "\u007f", "d\n/x", "..\\up"),
        model("names that mean something elsewhere", "~", "%2e%2e", "a%2Fb", "*", "?", "[x]", "-rf")
            .with("--help", "$HOME", "#", "a;b", "a&b", "<a>", "{}", "con", "x.", "@file", "!"),
        model("names that look like shards", "a:0:4", "a", "a:b:0:1", ":", "x:0:9/y:0:9"),
        model("names of 255 bytes", "n".repeat(255), "\u6a21".repeat(85), "d".repeat(255) + "/x"),
        model("a name with spaces and Unicode letters for the model itself", "a.bin", "d/b.bin")
            .named("mein Modell 模型"),
        model("2,000 files").withMany(2000),
        model("sizes around the block sizes of hashes and buffers")
            .withSizes(1, 55, 56, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 4096, 8191, 65537)
            .withSizes((1 << 20) - 1, 1 << 20, (1 << 20) + 1),
        model("a file of 20 MB", "config.json").withSizes(20_000_000),
        model("an ignored file and an ignored directory", "config.json", "cached", "sub/cache/x")
            .withIgnored("cache", "cache/a", "cache/b/c")
            .withIgnored("notes.txt", "notes.txt"),
        model("the signature in the model", "config.json", "sub/model.sig").signedIn("model.sig"),
        model("the signature in a directory of the model", "config.json", "signatures/x")
            .signedIn("signatures/model.sig"));
  }

  /** The files of the example of OMS 5.2.1 gone wrong: each has its own number as content. */
  private static SampleModel namesInAnotherOrder() {
    SampleModel model =
        new SampleModel("names that order differently by code point and by path component");
    String[] names = {"a/b", "a-b", "a.b", "a b", "ab", "a/c/d", "\uff21.bin", "\ud83d\ude00.bin"};
    for (int i = 0; i < names.length; i++) {
      model.files.put(names[i], String.valueOf(i + 1).getBytes(StandardCharsets.UTF_8));
    }
    model.changing = names[0];
    // Python signs in the order of path components, so its root digest is another one.
    model.sameOrder = false;
    return model;
  }

  /** A model of these files. The byte that will be changed is in the first. */
  private static SampleModel model(String description, String... names) {
    return new SampleModel(description).with(names);
  }

  private SampleModel with(String... names) {
    for (String each : names) {
      add(each, ("content of " + each).getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  /** Adds empty files, one of which will be changed. */
  private SampleModel withEmpty(String... names) {
    for (String each : names) {
      add(each, new byte[0]);
    }
    changing = names[0];
    return this;
  }

  private SampleModel withMany(int number) {
    IntStream.range(0, number).forEach(i -> with("dir" + i % 40 + "/file" + i));
    return this;
  }

  /** Adds files of these sizes, the last of which will be changed. */
  private SampleModel withSizes(int... sizes) {
    for (int size : sizes) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      changing = size + ".bin";
      add(changing, content);
    }
    return this;
  }

  private SampleModel withLeftOut(String... names) {
    leftOut.addAll(List.of(names));
    return with(names);
  }

  /** Adds files that are left out because this path is ignored. */
  private SampleModel withIgnored(String path, String... names) {
    ignoreOptions.add(path);
    return withLeftOut(names);
  }

  private SampleModel named(String newName) {
    name = newName;
    return this;
  }

  private SampleModel signedIn(String path) {
    signature = path;
    return this;
  }

  private void add(String file, byte[] content) {
    files.put(file, content);
    changing = changing.isEmpty() ? file : changing;
  }

  /** Whether Python lists the files in the same order as we do. */
  boolean isInSameOrder() {
    return sameOrder;
  }

  /** Writes the model into a directory. */
  Path buildIn(Path directory) throws IOException {
    Path model = directory.resolve(name);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = model.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return model;
  }

  /** Where the signature of the model is. */
  Path signature(Path model) {
    return model.resolve(signature).normalize();
  }

  /**
   * The options that say what to leave out. The paths are absolute, because relative ones mean
   * different files to different clients.
   */
  String[] ignoreOptions(Path model) {
    return ignoreOptions.stream()
        .flatMap(path -> Stream.of("--ignore-paths", model.resolve(path).toString()))
        .toArray(String[]::new);
  }

  /** Changes a byte of a signed file, or adds one if the file is empty. */
  void changeOneByte(Path model) throws IOException {
    Path file = model.resolve(changing);
    byte[] content = Files.readAllBytes(file);
    if (content.length > 0) {
      content[content.length / 2] ^= 1;
    }
    Files.write(file, content.length > 0 ? content : new byte[1]);
  }

  /** Changes what the signature leaves out, which must have no effect. */
  void changeWhatIsLeftOut(Path model) throws IOException {
    for (String file : leftOut) {
      Files.writeString(model.resolve(file), "changed", StandardOpenOption.APPEND);
    }
  }

  @Override
  public String toString() {
    return description;
  }
}
