// Checks a record, its proof and the log, with what every browser has: SHA-256 and Ed25519.
// Nothing is sent anywhere; by an address, files are fetched from the site that has this page.
const SITE = JSON.parse(document.getElementById("told").textContent);
const PROOF = "c2sp.org/tlog-proof@v1";
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
export function readKeys(list) {
  const keys = [];
  let threshold = 1;
  let origin = SITE.origin;
  for (const line of list.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const count = /^threshold ([1-9][0-9]?)$/.exec(line);
    const held = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)(?: ([0-9]{1,15}))?(?: ([0-9]{1,15}))?$/.exec(line);
    const named = /^origin (\S+)$/.exec(line);
    if (named) origin = named[1];
    else if (count) threshold = Number(count[1]);
    else if (held) keys.push({ name: held[1], id: held[2], public: unbase64(held[3]).slice(1), since: Number(held[4] ?? 0), until: Number(held[5] ?? Infinity) });
    else sayNo(`看不懂的金鑰：${line}`);
  }
  return { keys, threshold, origin };
}

export function readCheckpoint(bytes) {
  const whole = text(bytes);
  const at = whole.lastIndexOf("\n\n");
  const body = whole.slice(0, at + 1);
  const lines = body.slice(0, -1).split("\n");
  if (at < 0 || !whole.endsWith("\n") || /[\x00-\x09\x0b-\x1f\x7f]/.test(whole) || lines.length < 3 || !lines.every(Boolean) || !/^(0|[1-9][0-9]{0,14})$/.test(lines[1])) sayNo("不是檢查點");
  const signatures = whole.slice(at + 2).split("\n").slice(0, -1).map((line) => {
    const held = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? sayNo("檢查點的簽署行有誤");
    const signed = unbase64(held[2]);
    return { name: held[1], id: hex(signed.slice(0, 4)), signature: signed.slice(4) };
  });
  const root = unbase64(lines[2]);
  return root.length === 32 ? { origin: lines[0], size: Number(lines[1]), root, rest: lines.slice(3), body: utf8.encode(body), signatures } : sayNo("檢查點的雜湊值長度有誤");
}

async function hasSigned(key, body, signature) {
  const held = await crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, held, signature, body);
}

export async function judge(checkpoint, trust) {
  if (trust.origin && trust.origin !== checkpoint.origin) sayNo(`這是「${checkpoint.origin}」的封存紀錄，不是「${trust.origin}」的`);
  const known = trust.keys.filter((key) => key.since <= checkpoint.size && checkpoint.size <= key.until);
  const good = new Set();
  for (const one of checkpoint.signatures) {
    const key = known.find((held) => held.name === one.name && held.id === one.id);
    if (key && !(await hasSigned(key, checkpoint.body, one.signature))) sayNo(`「${one.name}」的簽章是假的`);
    if (key) good.add(key);
  }
  const needed = Math.max(1, Math.min(trust.threshold, known.length));
  if (good.size < needed) sayNo(`採信的金鑰中只有 ${good.size} 把簽署，須有 ${needed} 把`);
  return [...good].map((key) => key.name);
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
  if (lines.pop() !== "") sayNo("封存紀錄的最後一行不完整");
  return lines.map((line, at) => {
    const held = /^([0-9]+) ([0-9a-f]{64}) (\S+)$/.exec(line);
    return held && Number(held[1]) === at ? { leaf: unhex(held[2]), name: held[3] } : sayNo(`封存紀錄第 ${at + 1} 行有誤`);
  });
}

// what files are, told by what is in them
function sorted(files) {
  const held = { record: null, proofs: [], redaction: null, leaves: null, checkpoints: [], page: null, others: [] };
  for (const file of files) {
    const start = new TextDecoder().decode(file.bytes.slice(0, 300));
    if (start.startsWith(PROOF)) held.proofs.push(file);
    else if (file.name.endsWith(".json") && /"schema":"gongbao-redaction-1"/.test(new TextDecoder().decode(file.bytes))) held.redaction = file;
    else if (file.name.endsWith(".json") && /"schema":"gongbao-record-1"/.test(new TextDecoder().decode(file.bytes))) held.record = file;
    else if (/^0 [0-9a-f]{64} /.test(start)) held.leaves = file;
    else if (/^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n/.test(start)) held.checkpoints.push(file);
    else if (/<html/i.test(start)) held.page = file;
    else held.others.push(file);
  }
  return held;
}

const about = (point) => point.rest.map((line) => line.replace(/^date /, "封存日期 ").replace(/^backfill /, "補登：")).join("，");
const flat = (words) => words.replace(/\s+/g, "");
const texts = (value) => (typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(texts));

// Every check gives a line: whether it holds (null: cannot be told), what was looked at, more.
// `place` is the address that a reader asked for, "" for files.
export async function check(files, trust, place = "") {
  const lines = [];
  const held = sorted(files);
  const tell = (good, words, more = "") => lines.push({ good, words, more });
  const tried = async (words, work) => {
    try { tell(true, words, await work()); } catch (fault) {
      const known = fault instanceof Fault || fault instanceof SyntaxError || fault instanceof DOMException || fault instanceof TypeError;
      if (!known) throw fault;
      tell(false, words, fault instanceof Fault ? fault.message : `無法檢查：${fault.message}`);
    }
  };
  const record = held.record && JSON.parse(text(held.record.bytes));
  const recordLeaf = held.record && (await leafHash(held.record.bytes));
  const redaction = held.redaction && JSON.parse(text(held.redaction.bytes));
  const leaf = held.redaction ? await leafHash(held.redaction.bytes) : recordLeaf;
  if (record) tell(null, `紀錄 ${record.id}：${record.title}`, `封存用的雜湊值 ${hex(recordLeaf)}`);
  else tell(null, "沒有 record.json：無法查驗任何一則");
  if (redaction) {
    await tried("遮蔽紀錄與這份紀錄相符", () => (record && redaction.left === hex(recordLeaf) ? `${redaction.date}，依據：${redaction.ground}` : sayNo("不是遮蔽後的內容")));
  }
  const own = record && `/${record.issue.id}/${record.id.slice(record.issue.id.length + 1)}/`;
  if (record && place && !place.endsWith(own)) await tried("紀錄的位置", () => sayNo(`這個網址放的是 ${record.id} 的紀錄`));
  let proof = null;
  for (const file of held.proofs) {
    const one = readProof(file.bytes);
    if (leaf && (await included(one.index, one.checkpoint.size, leaf, one.path, one.checkpoint.root))) proof = one;
  }
  if (record) {
    await tried("證明顯示這份紀錄在封存紀錄之中", () => (proof ? `號碼 ${proof.index}，${about(proof.checkpoint)}` : sayNo(held.proofs.length ? "證明與這份紀錄不符" : "沒有證明檔（proof.txt）")));
  }
  if (proof) {
    await tried("封存紀錄有足夠的簽章", async () => (await judge(proof.checkpoint, trust)).join("、"));
    lines.at(-1).proves = lines.at(-1).good;
  }
  await checkLog(held, proof, leaf, record, redaction, trust, tried);
  for (const file of record?.attachments ?? []) {
    if (!file.sha256) continue;
    const digests = await Promise.all(held.others.map(async (one) => [one, hex(await sha256(one.bytes))]));
    const there = digests.find(([one, digest]) => digest === file.sha256 || one.name === file.path);
    if (there) await tried(`附件 ${file.path}`, () => (there[1] === file.sha256 ? "與封存時相同" : sayNo("與封存時不同")));
    else tell(null, `附件 ${file.path}`, "沒有這個檔案，未檢查");
  }
  if (record && held.page) {
    await tried("網頁有紀錄的全部文字", () => {
      const page = new DOMParser().parseFromString(text(held.page.bytes), "text/html");
      for (const one of page.querySelectorAll("script, style")) one.remove();
      const words = flat(page.documentElement.textContent);
      const said = [...FIELDS.flatMap((name) => texts(record[name])), ...record.issuers.map((one) => one.name)];
      const lost = said.find((one) => !words.includes(flat(one)));
      return lost === undefined ? "網頁上另有的文字不在查驗範圍" : sayNo(`網頁沒有「${lost.trim().slice(0, 40)}」`);
    });
  }
  return lines;
}

async function checkLog(held, proof, leaf, record, redaction, trust, tried) {
  const points = [];
  for (const file of held.checkpoints) {
    await tried(`檢查點 ${file.name}`, async () => {
      const point = readCheckpoint(file.bytes);
      const names = await judge(point, trust);
      points.push(point);
      return `${point.origin}，${point.size} 則，${names.join("、")}簽署`;
    });
  }
  if (proof) points.push(proof.checkpoint);
  if (new Set(points.map((one) => one.origin)).size > 1) await tried("同一個封存紀錄", () => sayNo("檢查點屬於不同的封存紀錄"));
  if (!held.leaves) return;
  await tried("整份封存紀錄與檢查點相符，只有增加", async () => {
    const leaves = readLeaves(held.leaves.bytes);
    for (const point of points) {
      if (point.size > leaves.length) sayNo(`檢查點有 ${point.size} 則，封存紀錄只有 ${leaves.length} 則：被刪短了`);
      if (!same(await treeRoot(leaves.slice(0, point.size).map((one) => one.leaf)), point.root)) sayNo(`前 ${point.size} 則與檢查點不符：被改寫了`);
    }
    const line = proof && leaves[proof.index];
    if (held.checkpoints.length && leaves.length > Math.max(...points.map((one) => one.size))) sayNo("封存紀錄有沒簽署的部分");
    const its = (name, told) => name.endsWith(`:${record.id}`) && name.startsWith("redaction:") === told;
    if (proof && record && !(line && same(line.leaf, leaf) && its(line.name, Boolean(redaction)))) sayNo("封存紀錄的這一號不是它");
    const later = record && !redaction && leaves.find((one) => its(one.name, true));
    if (later) sayNo("這一則後來經過遮蔽，請取得新的內容");
    return `共 ${leaves.length} 則`;
  });
}

// the page
const element = (id) => document.getElementById(id);

function show(lines) {
  const bad = lines.some((one) => one.good === false);
  const good = !bad && lines.some((one) => one.proves);
  element("result").hidden = false;
  element("verdict").textContent = bad ? "不符：這份紀錄不能採信 Not as sealed" : good ? "相符：與封存時相同 As sealed" : "無法判斷 Cannot be told";
  element("verdict").className = bad ? "bad" : good ? "good" : "";
  element("result").dataset.verdict = bad ? "bad" : good ? "good" : "none";
  element("checks").replaceChildren(...lines.map((one) => {
    const item = document.createElement("li");
    item.className = one.good ? "good" : one.good === false ? "bad" : "none";
    item.textContent = one.words;
    const more = document.createElement("small");
    more.textContent = one.more;
    item.append(more);
    return item;
  }));
}

async function run(files, place = "") {
  element("result").dataset.verdict = "";
  try {
    if (!globalThis.crypto?.subtle) sayNo("這個瀏覽器沒有 WebCrypto；請改用 https 網址、存下的本頁，或 log/verify.py");
    show(await check(files, readKeys(element("keys").value), place));
  } catch (fault) {
    show([{ good: false, words: "無法完成查驗", more: fault.message }]);
  }
}

async function fetched(address) {
  const base = new URL("../", location.href);
  const place = new URL(address.replace(/[?#].*$/, "").replace(/index\.html$/, "").replace(/\/?$/, "/"), base);
  if (!place.href.startsWith(base.href)) sayNo(`這個網址不在本站：${place.href}`);
  const files = [];
  const add = async (url, name) => { const got = await fetch(url); if (got.ok) files.push({ name, bytes: new Uint8Array(await got.arrayBuffer()) }); return got.ok; };
  if (!(await add(new URL("record.json", place), "record.json"))) sayNo("這個網址沒有紀錄（record.json）");
  const more = [["index.html", new URL("./", place)], ["proof.txt"], ["redaction.json"], ["redaction-proof.txt"]];
  for (const file of JSON.parse(text(files[0].bytes)).attachments ?? []) if (file.path) more.push([file.path, new URL(encodeURIComponent(file.path), place)]);
  await Promise.all(more.map(([name, url]) => add(url ?? new URL(name, place), name)));
  await Promise.all(["leaves.txt", "checkpoint"].map((name) => add(new URL(`log/${name}`, base), name)));
  return [files, place.pathname];
}

async function dropped(list) {
  return Promise.all(Array.from(list, async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

function begin() {
  element("site").textContent = `${SITE.title}，封存紀錄 ${SITE.origin}`;
  element("keys").value = SITE.keys;
  element("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try { await run(...(await fetched(element("address").value.trim()))); } catch (fault) { show([{ good: false, words: "無法取得檔案", more: fault.message }]); }
  });
  element("files").addEventListener("change", async (event) => run(await dropped(event.target.files)));
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); document.body.classList.toggle("over", name === "dragover"); });
  }
  document.addEventListener("drop", async (event) => run(await dropped(event.dataTransfer.files)));
  const asked = new URLSearchParams(location.search).get("entry");
  if (asked) { element("address").value = asked; element("form").requestSubmit(); }
}

globalThis.gongbao = { included, consistent, treeRoot, leafHash, check, readKeys };
begin();
