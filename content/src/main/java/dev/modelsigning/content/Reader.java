package dev.modelsigning.content;

import dev.modelsigning.content.internal.archive.CompressedReader;
import dev.modelsigning.content.internal.archive.TarStart;
import dev.modelsigning.content.internal.archive.ZipInspection;
import dev.modelsigning.content.internal.config.ConfigurationReader;
import dev.modelsigning.content.internal.config.TemplateFile;
import dev.modelsigning.content.internal.config.WordSearch;
import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.PartInspection;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.SeveralParts;
import dev.modelsigning.content.internal.pickle.NumpyReader;
import dev.modelsigning.content.internal.pickle.PickleReader;
import dev.modelsigning.content.internal.pickle.PickleStart;
import dev.modelsigning.content.internal.program.ProgramFile;
import dev.modelsigning.facts.FileInspection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The single table of which files are inspected by which reader. Several readers may apply to a
 * file. The class of a reader is loaded only when there is a file for it: {@link #open} creates it,
 * and nothing else here calls it.
 */
enum Reader {
  /** Programs, by their name or by {@link #ofFirstBytes}. */
  PROGRAM(
      "py pyc pyo pyw pyx pyz ipynb whl egg so dylib dll pyd node jnilib ko o a lib exe com scr sys"
          + " sh bash zsh fish csh ksh bat cmd ps1 psm1 vbs js mjs cjs jar war class wasm pl rb php"
          + " lua desktop applescript hta msi deb rpm apk lnk",
      ""),
  /**
   * Possible pickles by name: this includes those of protocols 0 and 1, which have no magic number.
   */
  PICKLE(
      "pkl pickle pk p cpkl pckl joblib dill cloudpickle pt pth pt2 bin ckpt dat data npy sav model"
          + " mdl state zip npz 7z th tar torch pytorch ptl params pdparams pdopt weights checkpoint"
          + " save snapshot obj pickled",
      "data.pkl"),
  /** NumPy arrays, which may contain pickles. */
  NUMPY("", ""),
  /** Possible zip files, including those after other content. */
  ZIP(
      "zip npz keras jar war whl egg mar ptz pyz pt pth pt2 bin ckpt pkl pickle joblib dill model"
          + " nemo ckpt dat data",
      ""),
  /** Files that are compressed as a whole, and archives other than zip files. */
  COMPRESSED("gz gzip z zlib bz2 xz lzma lz4 zst 7z rar tar tgz tbz2 txz nemo", ""),
  /** Possible tar files, including old ones without a magic number. */
  TAR("pt pth pt2 bin ckpt pkl pickle th t7 model", ""),
  /** Configurations that can name code, layers or templates. */
  CONFIGURATION(
      "",
      "config.json tokenizer_config.json processor_config.json preprocessor_config.json"
          + " feature_extractor_config.json image_processor_config.json video_preprocessor_config.json"
          + " adapter_config.json generation_config.json chat_template.json model_index.json"
          + " modules.json model.json architecture.json configuration.json metadata.json"
          + " model_config.json model_architecture.json router_config.json"),
  /** Files that are templates as a whole; templates within configurations are found there. */
  TEMPLATE("jinja jinja2 j2", ""),
  /** Keras models in HDF5, and the metadata that TensorFlow writes with a graph. */
  KERAS("h5 hdf5 he5", "keras_metadata.pb"),
  /** TensorFlow graphs. */
  GRAPH("pb", "");

  private static final Map<String, Set<Reader>> BY_ENDING = new HashMap<>();
  private static final Map<String, Set<Reader>> BY_NAME = new HashMap<>();

  static {
    for (Reader reader : values()) {
      for (String ending : words(reader.endings)) {
        BY_ENDING.computeIfAbsent(ending, key -> EnumSet.noneOf(Reader.class)).add(reader);
      }
      for (String name : words(reader.names)) {
        BY_NAME.computeIfAbsent(name, key -> EnumSet.noneOf(Reader.class)).add(reader);
      }
    }
  }

  private final String endings;
  private final String names;

  /**
   * An entry of the table.
   *
   * @param endings extensions after the last dot, in lower case
   * @param names file names without directory, in lower case
   */
  Reader(String endings, String names) {
    this.endings = endings;
    this.names = names;
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  /** The readers that apply to a file, in the order of the table. */
  static Set<Reader> of(FileStart file) {
    Reader byBytes = ofFirstBytes(file);
    Set<Reader> byEnding = BY_ENDING.get(file.ending());
    Set<Reader> byName = BY_NAME.get(file.baseName());
    if (byBytes == null && byEnding == null && byName == null) {
      return Set.of();
    }
    Set<Reader> all = EnumSet.noneOf(Reader.class);
    if (byBytes != null) {
      all.add(byBytes);
    }
    if (byEnding != null) {
      all.addAll(byEnding);
    }
    if (byName != null) {
      all.addAll(byName);
    }
    if (all.contains(COMPRESSED)) {
      all.remove(TAR); // reported by that reader
    }
    if (byBytes == NUMPY || file.magic() >>> 16 == 0x1f8b) {
      // A loader of pickles fails at these first bytes; a loader of this format recognizes them.
      all.remove(PICKLE);
    }
    return all;
  }

  /** The reader for the magic number of a file, independent of its name; null if there is none. */
  private static @Nullable Reader ofFirstBytes(FileStart file) {
    int magic = file.magic();
    int two = magic >>> 16;
    if (two >= 0x8000 && two <= 0x8005) {
      return PICKLE;
    }
    if (two == ('#' << 8 | '!') || two == ('M' << 8 | 'Z')) {
      return PROGRAM;
    }
    if (two == 0x1f8b) {
      return COMPRESSED;
    }
    return switch (magic) {
      case 0x7f454c46, // ELF
          0xfeedface, // Mach-O, in either byte order
          0xfeedfacf,
          0xcefaedfe,
          0xcffaedfe,
          0xcafebabe, // Mach-O universal binary, or a Java class
          0xcafebabf,
          0xbebafeca,
          0xbfbafeca,
          0x0061736d -> // WebAssembly
          PROGRAM;
      case 0x504b0304 -> ZIP;
      case 0x934e554d -> NUMPY;
      case 0x89484446 -> KERAS; // HDF5
      default -> {
        if (file.at(257) == 'u' && file.has(257, "ustar")) {
          yield COMPRESSED; // tar
        }
        yield ofOther(file);
      }
    };
  }

  private static @Nullable Reader ofOther(FileStart file) {
    String name = file.baseName();
    if (name.contains(".so.")) {
      return PROGRAM;
    }
    // A configuration may select another one for a version of the program.
    if (name.startsWith("config.") && name.endsWith(".json")) {
      return CONFIGURATION;
    }
    return !BY_ENDING.getOrDefault(file.ending(), Set.of()).contains(PICKLE)
            && PickleStart.FIRST.indexOf(file.at(0)) >= 0
            && PickleStart.is(file)
        ? PICKLE
        : null;
  }

  /** Whether a file contains tensors, by its name or its first bytes. */
  static boolean isOfTensors(FileStart file) {
    return switch (file.ending()) {
      case "safetensors", "gguf" -> true;
      default -> file.magic() == 0x47475546; // GGUF
    };
  }

  /** Whether a file may describe the model; only files at its root do. */
  static boolean isOfCard(FileStart file) {
    return switch (file.file()) {
      case "README.md", "config.json" -> true;
      default -> false;
    };
  }

  /** Begins to inspect a file. */
  FileInspection open(FileStart file) {
    return switch (this) {
      case ZIP -> new ZipInspection(file, Reader::ofPart);
      default -> new PartInspection(file.file(), part(file));
    };
  }

  /** Begins to read a file, or a part of one, from its first byte. */
  private PartReader part(FileStart file) {
    return switch (this) {
      case PROGRAM -> new ProgramFile(file);
      // joblib can compress pickles, whatever the file is called.
      case PICKLE ->
          CompressedReader.isCompressed(file) && !file.isNested() && !file.has(0, "BZh")
              ? COMPRESSED.part(file)
              : pickle(file);
      case NUMPY -> new NumpyReader(file);
      case TAR -> new TarStart(file);
      case COMPRESSED -> new CompressedReader(file, Reader::ofPart);
      case CONFIGURATION -> new ConfigurationReader(file);
      case TEMPLATE -> new TemplateFile(file);
      case KERAS -> WordSearch.lambda(file);
      case GRAPH -> WordSearch.graph(file);
      case ZIP -> throw new IllegalStateException("a zip file is read from its end");
    };
  }

  /** The magic number of bzip2 may also be the beginning of a pickle: an opcode and a length. */
  private static PartReader pickle(FileStart file) {
    PickleReader pickle = new PickleReader(file);
    return file.has(0, "BZh") && !file.isNested()
        ? new SeveralParts(List.of(pickle, COMPRESSED.part(file)))
        : pickle;
  }

  /**
   * The reader of an entry of a zip file, or of inflated content; nested zip files are handled
   * elsewhere.
   */
  private static Optional<PartReader> ofPart(FileStart part) {
    List<PartReader> readers = new ArrayList<>();
    for (Reader reader : of(part)) {
      if (reader != ZIP && !(reader == COMPRESSED && part.isNested())) {
        readers.add(reader.part(part));
      }
    }
    return switch (readers.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(readers.get(0));
      default -> Optional.of(new SeveralParts(readers));
    };
  }
}
