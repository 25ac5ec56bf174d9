// Checks a record, its proof and the log, with what every browser has: SHA-256 and Ed25519.
// Nothing is sent anywhere; by an address, files are fetched from the site that has this page.
const SITE = JSON.parse(document.getElementById("told").textContent);
const PROOF = "c2sp.org/tlog-proof@v1";
const REDACTION = "redaction:";
const FIELDS = ["title", "title_en", "subject", "basis", "items", "explanation", "method", "body", "document_numbers", "keywords"];
const utf8 = new TextEncoder();

class Fault extends Error {}
const sayNo = (words) => { throw new Fault(words); };

// bytes
const text = (bytes) => { try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { return sayNo("不是 UTF-8 文字"); } };
const joined = (...parts) => { const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const part of parts) { all.set(part, at); at += part.length; } return all; };
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (word) => Uint8Array.from(word.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
function unbase64(word) {
  let bytes;
  if (word.length > 4096) sayNo("base64 編碼太長");
  try { bytes = Uint8Array.from(atob(word), (letter) => letter.charCodeAt(0)); } catch { return sayNo("base64 編碼有誤"); }
  return base64(bytes) === word ? bytes : sayNo("base64 編碼有誤");
}
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

// the tree of RFC 6962; numbers may be BigInt, for indexes beyond 2^53
export const leafHash = (bytes) => sha256(new Uint8Array([0]), bytes);
const nodeHash = (left, right) => sha256(new Uint8Array([1]), left, right);
const areHashes = (...values) => values.every((value) => value.length === 32);

export async function treeRoot(leaves) {
  if (leaves.length === 0) return sha256();
  let row = leaves;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 2) above.push(at + 1 < row.length ? nodeHash(row[at], row[at + 1]) : row[at]);
    row = await Promise.all(above);
  }
  return row[0];
}

export async function included(index, size, leaf, proof, root) {
  let [place, last, found] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (place < 0n || place > last || !areHashes(leaf, root, ...proof)) return false;
  for (const step of proof) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      found = await nodeHash(step, found);
      while (!(place & 1n) && place) { place >>= 1n; last >>= 1n; }
    } else found = await nodeHash(found, step);
    place >>= 1n; last >>= 1n;
  }
  return last === 0n && same(found, root);
}

export async function consistent(old, size, oldRoot, root, proof) {
  const [from, to] = [BigInt(old), BigInt(size)];
  if (from === to) return proof.length === 0 && same(oldRoot, root) && (to > 0n || same(root, await sha256()));
  if (!(from > 0n && from < to && proof.length && areHashes(oldRoot, root, ...proof))) return false;
  const steps = (from & (from - 1n)) === 0n ? [oldRoot, ...proof] : proof;
  let [place, last] = [from - 1n, to - 1n];
  while (place & 1n) { place >>= 1n; last >>= 1n; }
  let before = steps[0];
  let after = steps[0];
  for (const step of steps.slice(1)) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      [before, after] = await Promise.all([nodeHash(step, before), nodeHash(step, after)]);
      while (!(place & 1n) && place) { place >>= 1n; last >>= 1n; }
    } else after = await nodeHash(after, step);
    place >>= 1n; last >>= 1n;
  }
  return last === 0n && same(before, oldRoot) && same(after, root);
}

// signed notes and what is written in them
export async function readKeys(list) {
  const keys = [];
  const releases = []; // keys that sign releases, and no checkpoint
  let threshold = 1;
  let origin = SITE.origin;
  for (const line of list.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const count = /^threshold ([1-9][0-9]?)$/.exec(line);
    const held = /^(?:release )?([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)(?: ([0-9]{1,15}))?(?: ([0-9]{1,15}))?$/.exec(line);
    const named = /^origin (\S+)$/.exec(line);
    if (named) origin = named[1];
    else if (count) threshold = Number(count[1]);
    else if (held) (line.startsWith("release ") ? releases : keys).push(await readKey(held, line));
    else sayNo(`看不懂的金鑰：${line}`);
  }
  return { keys, releases, threshold, origin };
}

async function readKey([, name, id, encoded, since, until], line) {
  const bytes = unbase64(encoded);
  if (bytes.length !== 33 || bytes[0] !== 1) sayNo(`不是 Ed25519 公開金鑰：${line}`);
  if (hex(await sha256(utf8.encode(`${name}\n`), bytes)).slice(0, 8) !== id) sayNo(`金鑰代號不符：${line}`);
  return { name, id, public: bytes.slice(1), since: Number(since ?? 0), until: Number(until ?? Infinity) };
}

function readNote(bytes) {
  const whole = text(bytes);
  const at = whole.lastIndexOf("\n\n");
  if (at < 0 || !whole.endsWith("\n") || /[\x00-\x09\x0b-\x1f\x7f]/.test(whole)) sayNo("不是簽署過的文字");
  const signatures = whole.slice(at + 2).split("\n").slice(0, -1).map((line) => {
    const held = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? sayNo("簽署行有誤");
    const signed = unbase64(held[2]);
    return { name: held[1], id: hex(signed.slice(0, 4)), signature: signed.slice(4) };
  });
  const body = whole.slice(0, at + 1);
  return { words: body, body: utf8.encode(body), signatures };
}

export function readCheckpoint(bytes) {
  const { words, body, signatures } = readNote(bytes);
  const lines = words.slice(0, -1).split("\n");
  if (lines.length < 3 || !lines.every(Boolean) || !/^(0|[1-9][0-9]{0,14})$/.test(lines[1])) sayNo("不是檢查點");
  const root = unbase64(lines[2]);
  return root.length === 32 ? { origin: lines[0], size: Number(lines[1]), root, rest: lines.slice(3), body, signatures } : sayNo("檢查點的雜湊值長度有誤");
}

// The note of a release: whose site, its day, the digest of the list of parts.
export function readRelease(bytes) {
  const note = readNote(bytes);
  const held = /^([^\s+]+)\nrelease\ncontent [0-9a-f]{64}\ndate ([0-9]{4}-[0-9]{2}-[0-9]{2})\nfiles ([0-9a-f]{64})\ncarried [0-9a-f]{64}\n$/.exec(note.words) ?? sayNo("不是發布版本的簽署");
  return { ...note, origin: held[1], day: held[2], files: held[3] };
}

async function hasSigned(key, body, signature) {
  try {
    const held = await crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, held, signature, body);
  } catch (fault) {
    if (fault.name === "NotSupportedError") throw new Error("這個瀏覽器不能檢查 Ed25519 簽章；請改用新版瀏覽器或 log/verify.py");
    return sayNo(`無法檢查「${key.name}」的簽章：${fault.message}`);
  }
}

async function signersOf({ body, signatures }, known) {
  const good = new Set();
  for (const one of signatures) {
    const key = known.find((held) => held.name === one.name && held.id === one.id);
    if (key && !(await hasSigned(key, body, one.signature))) sayNo(`「${one.name}」的簽章是假的`);
    if (key) good.add(key);
  }
  return [...good].map((key) => key.name);
}

export async function judge(checkpoint, trust) {
  if (trust.origin && trust.origin !== checkpoint.origin) sayNo(`這是「${checkpoint.origin}」的封存紀錄，不是「${trust.origin}」的`);
  const known = trust.keys.filter((key) => key.since <= checkpoint.size && checkpoint.size <= key.until);
  const good = await signersOf(checkpoint, known);
  const needed = Math.max(1, Math.min(trust.threshold, known.length));
  if (good.length < needed) sayNo(`採信的金鑰中只有 ${good.length} 把簽署，須有 ${needed} 把`);
  return good;
}

export async function judgeRelease(release, trust) {
  if (trust.origin && trust.origin !== release.origin) sayNo(`這是「${release.origin}」的發布版本，不是「${trust.origin}」的`);
  const good = await signersOf(release, trust.releases);
  return good.length ? good : sayNo("採信的金鑰沒有簽署這個發布版本");
}

export function readProof(bytes) {
  const whole = text(bytes);
  const at = whole.indexOf("\n\n");
  const [first, index, ...path] = whole.slice(0, at).split("\n");
  const number = /^index (0|[1-9][0-9]{0,14})$/.exec(index ?? "");
  if (at < 0 || first !== PROOF || !number) sayNo("不是證明檔");
  return { index: Number(number[1]), path: path.map(unbase64), checkpoint: readCheckpoint(utf8.encode(whole.slice(at + 2))) };
}

export function readLeaves(bytes) {
  const lines = text(bytes).split("\n");
  const names = new Set();
  if (lines.pop() !== "") sayNo("封存紀錄的最後一行不完整");
  return lines.map((line, at) => {
    const held = /^(0|[1-9][0-9]*) ([0-9a-f]{64}) ([a-z][a-z0-9_-]*:\S+)$/.exec(line);
    const twice = held && names.has(held[3]) && !held[3].startsWith(REDACTION);
    if (!held || Number(held[1]) !== at || twice) sayNo(`封存紀錄第 ${at + 1} 行有誤`);
    names.add(held[3]);
    return { leaf: unhex(held[2]), name: held[3] };
  });
}

// What the site writes beside a record. Files are taken by name, attachments by the names in
// the record: what a file holds never says what it is, since a forger chooses that.
const NAMES = { record: "record.json", page: "index.html", proof: "proof.txt", redaction: "redaction.json", redactionProof: "redaction-proof.txt", leaves: "leaves.txt", checkpoint: "checkpoint" };

const RELEASE = { note: "log/release", folder: "log/files/", index: "log/files/parts.sha256" };

class Files {
  constructor(files) {
    this.named = new Map();
    this.unread = new Set();
    for (const { name, bytes } of files) {
      if (this.named.has(name)) sayNo(`有兩個檔案都叫「${name}」；請一次查一則`);
      this.named.set(name, bytes);
      this.unread.add(name);
    }
  }
  has(name) { return this.named.has(name); }
  read(name) { this.unread.delete(name); return this.named.get(name); }
}

function readObject(bytes, ...names) {
  let value = null;
  try { value = JSON.parse(text(bytes)); } catch { sayNo("不是 JSON"); }
  if (!isObject(value)) sayNo("不是 JSON 物件");
  for (const name of names) if (typeof value[name] !== "string") sayNo(`沒有「${name}」`);
  return value;
}

function readRecord(bytes) {
  const record = readObject(bytes, "id", "title");
  const attachments = record.attachments ?? [];
  if (typeof record.issue?.id !== "string") sayNo("沒有刊載的期別");
  if (!Array.isArray(record.issuers) || !record.issuers.every((one) => typeof one?.name === "string")) sayNo("沒有發文機關");
  if (!Array.isArray(attachments) || !attachments.every(isObject)) sayNo("附件的形式不對");
  // the others are elsewhere, or to be asked for
  const beside = attachments.filter((one) => one.path !== undefined || one.sha256 !== undefined);
  for (const { path } of beside) {
    if (typeof path !== "string" || ["", ".", ".."].includes(path) || /[/\\\0]/.test(path)) sayNo(`附件不是旁邊的檔案：${path}`);
  }
  return { ...record, beside };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const about = (point) => point.rest.map((line) => line.replace(/^date /, "封存日期 ").replace(/^backfill /, "補登：")).join("，");
const flat = (words) => words.replace(/\s+/g, "");
function texts(value) {
  const [queue, found] = [[value], []];
  while (queue.length) {
    const one = queue.pop();
    if (typeof one === "string") found.push(one);
    else if (typeof one === "object" && one !== null) queue.push(...Object.values(one));
  }
  return found;
}

// Findings, a line each: whether it holds (null: it cannot be told), what was looked at, more.
// `of` is what a verdict rests on: "seal", "attachment", "page"; "unread" is what was given, or
// should be there, and was not looked at, so that a good verdict must not cover it.
class Findings {
  lines = [];
  tell(good, words, more = "", of = "") { this.lines.push({ good, words, more, of }); }
  leave(words, more) { this.tell(null, words, more, "unread"); }
  async tried(words, work, of = "") {
    try {
      this.tell(true, words, await work(), of);
      return true;
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      this.tell(false, words, fault.message);
      return false;
    }
  }
}

// `place` is the path of the address that a reader asked for, where a site must have a page and a
// log; "" for files. `kept` are checkpoints that the reader kept, under names of their own. `site`
// is the site that was asked, where its releases are signed: see `fetched`.
export async function check(given, trust, place = "", kept = [], site = null) {
  const [files, findings] = [new Files(given), new Findings()];
  let record = null;
  const vouched = site !== null && (await checkRelease(site, trust, findings));
  if (!files.has(NAMES.record)) {
    findings.leave("紀錄", "沒有名為 record.json 的檔案，無法查驗任何一則；檔名須與網站的相同");
  } else if (await findings.tried("紀錄 record.json", () => { record = readRecord(files.read(NAMES.record)); return `${record.id}：${record.title}`; })) {
    findings.lines.at(-1).good = null; // it can be read; whether it is true, its proof tells
  }
  const log = await readLog(files, findings, trust, place, kept);
  if (record) {
    const seal = await checkSeal(record, files, findings, trust, place, log);
    await checkLog(record, seal, log, findings);
    for (const one of record.beside) await checkAttachment(one, files, findings, place);
    if (files.has(NAMES.page) || place) await findings.tried("網頁有紀錄的全部文字", () => comparePage(record, files.read(NAMES.page), vouched), "page");
  } else if (log.leaves) {
    await checkLog(null, {}, log, findings);
  }
  for (const name of files.unread) {
    findings.leave(`檔案 ${name}`, Object.values(NAMES).includes(name) ? "沒有它所屬的紀錄，未查驗" : "不是網站所用的檔名，也不是紀錄列出的附件，未查驗");
  }
  return findings.lines;
}

// Whether the site's files are those of a signed release: the note, the list of parts that it
// names, and the parts that have what was loaded; never a list that is as long as the archive.
async function checkRelease({ loaded, get }, trust, findings) {
  let release = null;
  await findings.tried("發布版本的簽署 log/release", async () => {
    const read = readRelease((await get(RELEASE.note)) ?? sayNo("網站沒有簽署：沒有簽署的一版，除了封存的紀錄都不能採信"));
    const names = await judgeRelease(read, trust);
    release = read;
    return `${read.origin}，日期 ${read.day}，${names.join("、")}簽署`;
  });
  if (!release) return false;
  const signed = new Map(); // the parts, as digests by address
  let parts = null;
  await findings.tried("檔案清單是簽署的那一份", async () => {
    const index = (await get(RELEASE.index)) ?? sayNo("網站沒有檔案清單");
    if (hex(await sha256(index)) !== release.files) sayNo("檔案清單被更換");
    parts = readList(index);
    return "";
  });
  if (!parts) return false;
  const digestOf = async (address) => {
    const folder = address.slice(0, address.lastIndexOf("/") + 1);
    const name = `${hex(await sha256(utf8.encode(folder))).slice(0, 2)}.sha256`;
    if (!signed.has(name)) {
      const part = (await get(RELEASE.folder + name)) ?? sayNo(`網站沒有 ${name}`);
      if (hex(await sha256(part)) !== parts.get(name)) sayNo(`${name} 被更換`);
      signed.set(name, readList(part));
    }
    return signed.get(name).get(address);
  };
  const compare = (words, addresses, load) => findings.tried(words, async () => {
    const wrong = [];
    let count = 0;
    for (const address of addresses) {
      const [bytes, digest] = [await load(address), await digestOf(address)];
      if ((bytes ? hex(await sha256(bytes)) : undefined) !== digest) wrong.push(address);
      count += digest ? 1 : 0; // of what no part lists, there must be no file
    }
    return wrong.length ? sayNo(`不同、多出或少掉：${wrong.join("、")}`) : `${count} 個檔案`;
  }, "release");
  const own = await compare("這一則的檔案與簽署的發布版本相同", [...loaded.keys()], (address) => loaded.get(address));
  const page = [...loaded].find(([address, bytes]) => bytes && address.endsWith("/index.html"));
  const used = page ? await compare("網頁所用的樣式、程式與圖與簽署的發布版本相同", usedBy(...page), get) : false;
  return own && used;
}

// The files of the site that a page loads by itself.
function usedBy(address, bytes) {
  const page = new DOMParser().parseFromString(text(bytes), "text/html");
  const base = new URL(`https://site.invalid/${address}`);
  const links = [...page.querySelectorAll("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], link[rel~=modulepreload]")].map((one) => one.getAttribute("href"));
  const sources = [...page.querySelectorAll("script[src], img[src]")].map((one) => one.getAttribute("src"));
  const urls = [...links, ...sources].filter(Boolean).map((one) => new URL(one, base)).filter((url) => url.host === base.host);
  return [...new Set(urls.map((url) => decodeURIComponent(url.pathname.slice(1))))].sort();
}

function readList(bytes) {
  const lines = text(bytes).split("\n");
  if (lines.pop() !== "") sayNo("檔案清單的最後一行不完整");
  const rows = lines.map((line) => /^([0-9a-f]{64})  (.+)$/.exec(line) ?? sayNo("檔案清單有一行看不懂"));
  return new Map(rows.map(([, digest, address]) => [address, digest]));
}

async function readLog(files, findings, trust, place, kept) {
  const log = { leaves: null, newest: null, points: [] };
  const add = (words, work) => findings.tried(words, async () => {
    const point = work();
    const names = await judge(point, trust);
    log.points.push(point);
    return `${point.origin}，${point.size} 則，${about(point)}，${names.join("、")}簽署`;
  });
  if (files.has(NAMES.leaves)) await findings.tried("封存紀錄 leaves.txt", () => { log.leaves = readLeaves(files.read(NAMES.leaves)); return `共 ${log.leaves.length} 行`; });
  else if (place) findings.tell(false, "封存紀錄 log/leaves.txt", "網站沒有封存紀錄，查不出這一則後來有沒有改寫或遮蔽");
  if (files.has(NAMES.checkpoint)) {
    if (await add("檢查點 checkpoint", () => readCheckpoint(files.read(NAMES.checkpoint)))) log.newest = log.points[0];
  } else if (place) findings.tell(false, "檢查點 log/checkpoint", "網站沒有檢查點");
  for (const { name, bytes } of kept) {
    const start = new TextDecoder().decode(bytes.slice(0, PROOF.length));
    await add(`您保存的檢查點 ${name}`, () => (start === PROOF ? readProof(bytes).checkpoint : readCheckpoint(bytes)));
    if (!log.leaves) findings.leave(`您保存的檢查點 ${name}`, "沒有 leaves.txt，無法比對");
  }
  return log;
}

// The seal of a record: its proof, and the leaf that stands for it.
async function checkSeal(record, files, findings, trust, place, log) {
  const recordLeaf = await leafHash(files.read(NAMES.record));
  const seal = { leaf: recordLeaf, redaction: null, proof: null };
  const own = `/${record.issue.id}/${record.id.slice(record.issue.id.length + 1)}/`;
  if (place && !place.endsWith(own)) findings.tell(false, "紀錄的位置", `這個網址放的是 ${record.id} 的紀錄`);
  if (files.has(NAMES.redaction)) {
    const bytes = files.read(NAMES.redaction);
    seal.leaf = await leafHash(bytes);
    await findings.tried("遮蔽紀錄與這份紀錄相符", () => {
      seal.redaction = readObject(bytes, "left", "leaf", "date", "ground");
      return seal.redaction.left === hex(recordLeaf) ? `${seal.redaction.date}，依據：${seal.redaction.ground}` : sayNo("不是遮蔽後的內容");
    });
  }
  const name = files.has(NAMES.redaction) ? NAMES.redactionProof : NAMES.proof;
  const isNamed = log.leaves?.some((one) => isOf(one, record));
  if (!files.has(name)) {
    if (log.leaves && !isNamed) findings.tell(null, "這一則尚未封存", "封存之前仍可能修改，無從查驗");
    else findings.tell(false, "證明顯示這份紀錄在封存紀錄之中", `沒有證明檔（${name}）`);
    return seal;
  }
  const shows = async (file, leaf) => {
    const proof = readProof(files.read(file));
    if (!(await included(proof.index, proof.checkpoint.size, leaf, proof.path, proof.checkpoint.root))) sayNo("證明與這份紀錄不符");
    return proof;
  };
  await findings.tried("證明顯示這份紀錄在封存紀錄之中", async () => { seal.proof = await shows(name, seal.leaf); return `號碼 ${seal.proof.index}，${about(seal.proof.checkpoint)}，雜湊值 ${hex(seal.leaf)}`; });
  if (seal.proof) await findings.tried("證明所憑的檢查點有足夠的簽章", async () => (await judge(seal.proof.checkpoint, trust)).join("、"), "seal");
  if (seal.redaction && files.has(NAMES.proof)) {
    await findings.tried("遮蔽前的證明", async () => `號碼 ${(await shows(NAMES.proof, unhex(seal.redaction.leaf))).index}`);
  }
  return seal;
}

const isOf = (line, record) => line.name.endsWith(`:${record.id}`);

// The log against every checkpoint that is at hand, and the record's own line in it.
async function checkLog(record, { leaf, redaction, proof }, { leaves, newest, points }, findings) {
  if (!leaves) {
    if (record) findings.tell(null, "封存紀錄", "沒有 leaves.txt：只憑證明查驗，看不出這一則後來有沒有遮蔽");
    return;
  }
  const all = proof ? [...points, proof.checkpoint] : points;
  const size = Math.max(0, ...all.map((one) => one.size));
  if (!newest && size < leaves.length) findings.leave(`封存紀錄第 ${size} 號以後`, "沒有 checkpoint，不知道有沒有簽署");
  await findings.tried("封存紀錄與檢查點相符，只有增加", async () => {
    if (new Set(all.map((one) => one.origin)).size > 1) sayNo("檢查點屬於不同的封存紀錄");
    for (const point of all) {
      if (point.size > leaves.length) sayNo(`檢查點有 ${point.size} 則，封存紀錄只有 ${leaves.length} 則：被刪短了`);
      if (!same(await treeRoot(leaves.slice(0, point.size).map((one) => one.leaf)), point.root)) sayNo(`前 ${point.size} 則與檢查點不符：被改寫了`);
      if (all.some((one) => one.size === point.size && !same(one.body, point.body))) sayNo(`有兩種 ${point.size} 則的檢查點`);
    }
    if (newest && leaves.length > newest.size) sayNo("封存紀錄有沒簽署的部分");
    const line = proof && leaves[proof.index];
    if (line && !(same(line.leaf, leaf) && isOf(line, record) && line.name.startsWith(REDACTION) === Boolean(redaction))) sayNo("封存紀錄的這一號不是它");
    if (record && !redaction && leaves.some((one) => isOf(one, record) && one.name.startsWith(REDACTION))) sayNo("這一則後來經過遮蔽，請取得新的內容");
    return "";
  });
}

async function checkAttachment({ path, sha256: digest }, files, findings, place) {
  if (!files.has(path) && !place) findings.leave(`附件 ${path}`, "沒有這個檔案，未查驗");
  else await findings.tried(`附件 ${path}`, async () => {
    if (!files.has(path)) sayNo("網站上沒有這個檔案");
    return hex(await sha256(files.read(path))) === digest ? "與封存時相同" : sayNo("與封存時不同");
  }, "attachment");
}

// Whether a page has the texts of its record, and no more than that: this page cannot make the
// article anew as the program does, so that it calls a page good only where a release is signed.
function comparePage(record, bytes, vouched) {
  if (!bytes) sayNo("沒有網頁（index.html）");
  const page = new DOMParser().parseFromString(text(bytes), "text/html");
  for (const one of page.querySelectorAll("script, style, template")) one.remove();
  const words = flat(page.body.textContent);
  const said = [...FIELDS.flatMap((name) => texts(record[name])), ...record.issuers.map((one) => one.name)];
  const lost = said.find((one) => !words.includes(flat(one)));
  return lost === undefined ? (vouched ? "" : "頁上另有或隱藏的文字、連結與排列，沒有查驗") : sayNo(`網頁沒有「${lost.trim().slice(0, 40)}」`);
}

// the page
const element = (id) => document.getElementById(id);
const VERDICTS = {
  bad: ["不符：下列打叉的各項不能採信", "Not as sealed: do not rely on what is marked ✗"],
  failed: ["無法完成查驗", "The check could not be completed"],
  record: ["相符：這份紀錄與封存時相同", "This record is as it was sealed"],
  attached: ["相符：這份紀錄與其附件與封存時相同", "This record and its attachments are as they were sealed"],
  signed: ["相符：這一則的紀錄、附件與網頁都與簽署的相同", "The record, its attachments and its page are as they were signed"],
  part: ["紀錄與封存時相同，但有未查驗的部分", "The record is as it was sealed, but not everything was checked"],
  none: ["無法判斷", "Cannot be told"],
};
const SCOPE = {
  record: ["這個結果只及於簽署過的紀錄。", "It covers only what is signed: the record."],
  attached: ["這個結果只及於簽署過的紀錄與附件。", "It covers only what is signed: the record and its attachments."],
};
const COMPARED = ["網頁只查過有沒有紀錄的文字；頁上另有或隱藏的文字、連結與排列，沒有人簽署，也沒有查驗。", "The page was only searched for the texts of the record; other or hidden text, links and layout are signed by nobody and were not checked."];
const VOUCHED = ["這個結果及於紀錄、附件、網頁與它所用的樣式和程式：都與簽署的發布版本逐字相同。簽署查不出的有兩樣：這一版是不是舊的（整份換成較早簽署的一版也都相符，除非加上您保存的檢查點），以及本頁自己有沒有被換掉。", "It covers the record, its attachments, the page and the styles and scripts that it uses: all are, letter by letter, those of the signed release. Two things no signature can tell: whether the release is an old one (an earlier release, whole, agrees with itself too, unless you add a checkpoint that you kept), and whether this page itself was replaced."];
const UNSEEN = ["沒有查驗網頁。", "No page was checked."];

function verdict(lines) {
  const [seal, unread, attachment] = ["seal", "unread", "attachment"].map((of) => lines.some((one) => one.of === of));
  if (lines.some((one) => one.good === false)) return "bad";
  if (!seal) return "none";
  if (unread) return "part";
  return lines.some((one) => one.of === "release") ? "signed" : attachment ? "attached" : "record";
}

const COLOURS = { bad: "bad", failed: "bad", record: "good", attached: "good", signed: "good" };

// Words in Chinese, and beside them in English.
function put(place, [words, english]) {
  const span = document.createElement("span");
  span.lang = "en";
  span.textContent = english;
  element(place).replaceChildren(words, " ", span);
}

function show(lines, said = verdict(lines)) {
  const has = (of) => lines.some((one) => one.of === of);
  const scope = SCOPE[has("attachment") ? "attached" : "record"];
  const page = has("page") ? COMPARED : UNSEEN;
  const unread = lines.filter((one) => one.of === "unread").map((one) => one.words).join("、");
  put("verdict", VERDICTS[said]);
  put("scope", has("release") ? VOUCHED : [scope[0] + page[0], `${scope[1]} ${page[1]}`]);
  put("unread", [`未查驗：${unread}`, "(not checked)"]);
  element("scope").hidden = !["record", "attached", "signed", "part"].includes(said);
  element("unread").hidden = !unread;
  element("result").hidden = false;
  element("result").className = said;
  element("result").dataset.verdict = COLOURS[said] ?? "none";
  element("checks").replaceChildren(...lines.map((one) => {
    const item = document.createElement("li");
    item.className = one.good ? "good" : one.good === false ? "bad" : "none";
    item.textContent = one.words;
    const more = document.createElement("small");
    more.textContent = one.more;
    item.append(more);
    return item;
  }));
  // on a phone, and by a link from an entry, it would be out of sight
  if (element("verdict").getBoundingClientRect().bottom > innerHeight) element("verdict").scrollIntoView({ block: "center" });
}

// The last request, and how many there were: an answer that comes late must not replace a newer one.
let latest = null;
let turn = 0;

async function run(source) {
  const mine = ++turn;
  latest = source;
  element("result").dataset.verdict = "";
  const shown = (...words) => { if (mine === turn) show(...words); };
  try {
    if (!globalThis.crypto?.subtle) sayNo("這個瀏覽器沒有 WebCrypto；請改用 https 網址、存下的本頁，或 log/verify.py");
    const [trust, kept] = [await readKeys(element("keys").value), await chosen(element("kept").files)];
    const [files, place, site] = await source(trust);
    shown(await check(files, trust, place, kept, site));
  } catch (fault) {
    shown([{ good: false, words: "無法完成查驗", more: fault.message, of: "" }], "failed");
  }
}

// An entry and the log from the site that has this page, never from what the browser has kept.
// Where releases are signed also how to get other files, and what was loaded by its address.
async function fetched(address, trust) {
  const base = new URL("../", location.href);
  const place = new URL(address.replace(/[?#].*$/, "").replace(/index\.html$/, "").replace(/\/?$/, "/"), base);
  if (!place.href.startsWith(base.href)) sayNo(`這個網址不在本站：${place.href}`);
  const [files, loaded] = [[], new Map()];
  const load = async (url) => {
    const answer = await fetch(url, { cache: "no-store" });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    return answer.status === 404 ? null : sayNo(`無法取得 ${url.pathname}：${answer.status}`);
  };
  const add = async (url, name) => {
    const bytes = await load(url);
    if (bytes) files.push({ name, bytes });
    loaded.set(decodeURIComponent(url.pathname.slice(base.pathname.length)).replace(/(^|\/)$/, `$1${NAMES.page}`), bytes);
    return bytes !== null;
  };
  if (!(await add(new URL(NAMES.record, place), NAMES.record))) sayNo("這個網址沒有紀錄（record.json）");
  const wanted = [NAMES.proof, NAMES.redaction, NAMES.redactionProof].map((name) => [name, new URL(name, place)]);
  wanted.push([NAMES.page, place], ...[NAMES.leaves, NAMES.checkpoint].map((name) => [name, new URL(`log/${name}`, base)]));
  let beside = [];
  try { ({ beside } = readRecord(files[0].bytes)); } catch { /* told by the check */ }
  for (const { path } of beside) if (!Object.values(NAMES).includes(path)) wanted.push([path, new URL(encodeURIComponent(path), place)]);
  await Promise.all(wanted.map(([name, url]) => add(url, name)));
  const get = (name) => load(new URL(name.split("/").map(encodeURIComponent).join("/"), base));
  return [files, place.pathname, trust.releases.length ? { loaded, get } : null];
}

const chosen = (list) => Promise.all(Array.from(list, async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));

// Files that were dropped, and those of folders that were, by their names within the folder.
async function dropped(entries) {
  const found = [];
  const waiting = entries.map((entry) => ({ entry, folder: "", inner: "" }));
  for (const { entry, folder, inner } of waiting) {
    if (entry.isDirectory) {
      const reader = entry.createReader();
      let some = [];
      do {
        some = await new Promise((done, fail) => reader.readEntries(done, fail));
        waiting.push(...some.map((one) => ({ entry: one, folder: inner, inner: `${inner}${one.name}/` })));
      } while (some.length > 0);
    } else {
      const file = entry.isFile ? await new Promise((done, fail) => entry.file(done, fail)) : entry;
      found.push({ name: folder + file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    if (waiting.length > 200) sayNo("檔案太多；請一次查一則");
  }
  return found;
}

function begin() {
  element("site").textContent = `${SITE.title}，封存紀錄 ${SITE.origin}`;
  element("keys").value = SITE.keys;
  element("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = element("address").value.trim();
    run((trust) => fetched(address, trust));
  });
  element("files").addEventListener("change", () => {
    const list = Array.from(element("files").files);
    run(async () => [await chosen(list), ""]);
  });
  element("kept").addEventListener("change", () => { if (latest) run(latest); });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); document.body.classList.toggle("over", name === "dragover"); });
  }
  document.addEventListener("drop", (event) => {
    const items = Array.from(event.dataTransfer.items).filter((one) => one.kind === "file");
    const entries = items.map((one) => one.webkitGetAsEntry?.() ?? one.getAsFile());
    run(async () => [await dropped(entries), ""]);
  });
  const wanted = new URLSearchParams(location.search).get("entry");
  if (wanted) { element("address").value = wanted; element("form").requestSubmit(); }
}

globalThis.gongbao = { included, consistent, treeRoot, leafHash, check, readKeys };
begin();
