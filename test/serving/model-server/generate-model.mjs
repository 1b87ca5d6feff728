/**
 * Makes a language model of 4 MB, always the same: a llama of one layer whose attention and
 * feed-forward part add nothing, so that a letter alone says which one follows.
 *
 *   node generate-model.mjs FILE.gguf
 */
import { writeGguf } from './gguf.mjs'
import { text } from './text.mjs'

const kinds = { normal: 1, unknown: 2, control: 3, unused: 5, byte: 6 }
const space = '\u2581'

const vocabulary = [
  { token: '<unk>', kind: kinds.unknown, score: 0 },
  { token: '<s>', kind: kinds.control, score: 0 },
  { token: '</s>', kind: kinds.control, score: 0 },
]
const end = 2
for (let byte = 0; byte < 256; byte++) {
  const hex = byte.toString(16).toUpperCase().padStart(2, '0')
  vocabulary.push({ token: `<0x${hex}>`, kind: kinds.byte, score: 0 })
}
const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
for (const token of [space, ...printable]) vocabulary.push({ token, kind: kinds.normal, score: -1 })
// Rows of a matrix are read 32 numbers at a time.
while (vocabulary.length % 32 !== 0) {
  const token = `<unused${vocabulary.length}>`
  vocabulary.push({ token, kind: kinds.unused, score: -1000 })
}

const size = vocabulary.length
const idOf = new Map(vocabulary.map(({ token }, id) => [token, id]))

/** How often `next` follows `id`, at `id * size + next`; a line is followed by the end. */
const countPairs = () => {
  const counts = new Float32Array(size * size)
  for (const line of text.trim().split('\n')) {
    const ids = line.split('').map((letter) => idOf.get(letter === ' ' ? space : letter))
    for (const [at, id] of ids.entries()) counts[id * size + (ids[at + 1] ?? end)] += 1
  }
  return counts
}

/** What is never seen is all but impossible; after a letter that is never seen, a space follows. */
const rare = 1e-6

/**
 * A letter is a vector with a single 1, which the norm before the output stretches by the root of
 * its length: the output divides by that, and gives the logarithm of a likelihood.
 */
const outputOf = (counts) => {
  const output = new Float32Array(size * size)
  for (let id = 0; id < size; id++) {
    const seen = counts.subarray(id * size, (id + 1) * size)
    const total = seen.reduce((sum, count) => sum + count, 0)
    for (let next = 0; next < size; next++) {
      const count = total > 0 ? seen[next] : Number(next === idOf.get(space))
      const likelihood = (count + rare) / (Math.max(total, 1) + rare * size)
      output[next * size + id] = Math.log(likelihood) / Math.sqrt(size)
    }
  }
  return output
}

const identity = new Float32Array(size * size)
for (let id = 0; id < size; id++) identity[id * size + id] = 1

const hidden = 32
const square = (data) => ({ shape: [size, size], data })
const nothing = () => square(new Float32Array(size * size))
const ones = () => ({ shape: [size], data: new Float32Array(size).fill(1) })
const zeros = (rows, columns) => ({
  shape: [rows, columns],
  data: new Float32Array(rows * columns),
})

const tensors = {
  'token_embd.weight': square(identity),
  'output_norm.weight': ones(),
  'output.weight': square(outputOf(countPairs())),
  'blk.0.attn_norm.weight': ones(),
  'blk.0.attn_q.weight': nothing(),
  'blk.0.attn_k.weight': nothing(),
  'blk.0.attn_v.weight': nothing(),
  'blk.0.attn_output.weight': nothing(),
  'blk.0.ffn_norm.weight': ones(),
  'blk.0.ffn_gate.weight': zeros(size, hidden),
  'blk.0.ffn_up.weight': zeros(size, hidden),
  'blk.0.ffn_down.weight': zeros(hidden, size),
}

const count = (value) => ({ type: 'uint32', value })
const name = (value) => ({ type: 'string', value })

writeGguf(
  process.argv[2] ?? 'model.gguf',
  {
    'general.architecture': name('llama'),
    'general.name': name('harbour'),
    'general.file_type': count(0),
    'llama.context_length': count(2048),
    'llama.embedding_length': count(size),
    'llama.block_count': count(1),
    'llama.feed_forward_length': count(hidden),
    'llama.attention.head_count': count(1),
    'llama.attention.head_count_kv': count(1),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: 1e-5 },
    'llama.rope.dimension_count': count(size),
    'llama.vocab_size': count(size),
    'tokenizer.ggml.model': name('llama'),
    'tokenizer.ggml.tokens': { type: 'string', value: vocabulary.map(({ token }) => token) },
    'tokenizer.ggml.scores': { type: 'float32', value: vocabulary.map(({ score }) => score) },
    'tokenizer.ggml.token_type': { type: 'int32', value: vocabulary.map(({ kind }) => kind) },
    'tokenizer.ggml.bos_token_id': count(1),
    'tokenizer.ggml.eos_token_id': count(end),
    'tokenizer.ggml.unknown_token_id': count(0),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
  },
  tensors,
)
